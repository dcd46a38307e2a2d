// The page's own script without its page: reads {"file", "receipts"} one a line, and writes the
// report as findings and as lines in three languages; with a "name", which file to give instead;
// with files "given" (their paths by the name that a browser tells), the report on a folder.
import { openAsBlob, readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const script = readFileSync(process.argv[2], "utf8");
const page = new Function(`${script}\nreturn {
  check: reportScript.check, asLines: reportScript.asLines, render: linesScript.render,
  fileToGive: filesScript.fileToGive,
  checkGiven: folderScript.checkGiven, asFolderLines: folderScript.asFolderLines,
};`)();

function inEachLanguage(lines) {
  const inOne = (language) => lines.map((one) => page.render(one, language));
  return Object.fromEntries(["es", "pt", "en"].map((one) => [one, inOne(one)]));
}

async function judgeFiles(given, earlier) {
  const blobs = Object.entries(given).map(async ([name, path]) => [name, await openAsBlob(path)]);
  const before = earlier ? await openAsBlob(earlier) : null;
  const told = [];
  const report = await page.checkGiven(new Map(await Promise.all(blobs)), before, (done, count) =>
    told.push([done, count]),
  );
  return { isTrue: report.isTrue ?? false, said: inEachLanguage(page.asFolderLines(report)), told };
}

async function judgeFile(file, receipts) {
  const report = await page.check(file, receipts);
  return { isTrue: report.isTrue, said: inEachLanguage(page.asLines(report)) };
}

async function answer({ file, receipts, name, given, earlier }) {
  if (given !== undefined) return judgeFiles(given, earlier);
  return name === undefined
    ? judgeFile(file, receipts)
    : page.render(page.fileToGive(file, name), "es");
}

for await (const asked of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await answer(JSON.parse(asked))));
}
