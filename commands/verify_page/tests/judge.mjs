// The page's own script without its page: reads {"file", "receipts"} one a line, and writes the
// report as findings and as lines in three languages; with a "name", which file to give instead.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const script = readFileSync(process.argv[2], "utf8");
const { check, asLines, render, fileToGive } = new Function(`${script}\nreturn {
  check: reportScript.check, asLines: reportScript.asLines, render: linesScript.render,
  fileToGive: filesScript.fileToGive,
};`)();

for await (const given of createInterface({ input: process.stdin })) {
  const { file, receipts, name } = JSON.parse(given);
  if (name !== undefined) {
    console.log(JSON.stringify(render(fileToGive(file, name), "es")));
    continue;
  }
  const report = await check(file, receipts);
  const said = Object.fromEntries(
    ["es", "pt", "en"].map((lang) => [lang, asLines(report).map((one) => render(one, lang))]),
  );
  console.log(JSON.stringify({ isTrue: report.isTrue, said }));
}
