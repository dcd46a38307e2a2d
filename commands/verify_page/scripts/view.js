// The page: takes files, a drag or pasted text, and says what holds.

import { chosenFiles, droppedFiles } from "./choices.js";
import { canCheck } from "./documents.js";
import { fileToGive } from "./files.js";
import { checkGiven } from "./folder.js";
import { folderParts } from "./folder_view.js";
import { line } from "./lines.js";
import { button, byId, languageOf, say, speak } from "./parts.js";
import { check } from "./report.js";
import { resultParts } from "./result_view.js";
import { decisionNumbers, openDecision } from "./site_decisions.js";
import { isZip } from "./zip_files.js";

const NOT_HERE =
  "This browser can't check signatures. A newer one can: Firefox, Chrome or Safari.";
const MOST_SHOWN = 25;
let makeParts = null; // what the report consists of, made anew in each language
let isBusy = false;

function show() {
  if (makeParts) byId("report").replaceChildren(...makeParts());
}

function put(parts) {
  makeParts = parts;
  show();
  byId("report").focus();
}

function unreadable(id) {
  return { unreadable: [line(id)] };
}

// --- one result ------------------------------------------------------------------------------------

async function runResult() {
  const [file] = byId("file").files;
  if (file) return judgeFiles(chosenFiles(byId("file")));
  return judgeResult(byId("text").value.trim(), "");
}

// `name`: of the file, or empty.
async function judgeResult(text, name) {
  const found = await resultOf(text, name);
  put(() => resultParts(found));
}

async function resultOf(text, name) {
  if (!(await canCheck())) return unreadable(NOT_HERE);
  if (!text) return unreadable("Choose the file of the result first, or paste its text.");
  const [file] = byId("receipt-file").files;
  const receipt = file ? await file.text() : byId("receipt").value.trim();
  const found = await check(text, receipt ? [receipt] : []);
  if (found.unreadable) found.unreadable.push(fileToGive(text, name));
  return found;
}

// --- a whole folder --------------------------------------------------------------------------------

async function runFolder() {
  const given = chosenFiles(byId("packed"), byId("folder"));
  if (given.size) return judgeFiles(given);
  const found = unreadable("Choose the ZIP file or the folder first.");
  return put(() => resultParts(found));
}

// One file is a result, unless it is an archive; others are a folder.
async function judgeFiles(given) {
  const [[path, only]] = given;
  if (given.size === 1 && !path.includes("/") && !(await isZip(only))) {
    return judgeResult((await only.text()).trim(), only.name);
  }
  return judgeFolder(given);
}

async function judgeFolder(given) {
  const found = (await canCheck())
    ? await checkGiven(given, byId("earlier").files[0] ?? null, tellProgress)
    : unreadable(NOT_HERE);
  const numbers = found.isTrue ? decisionNumbers(found) : [];
  const titles = [];
  for (const number of numbers.slice(0, MOST_SHOWN)) {
    titles.push([number, (await openDecision(found, number)).title]);
  }
  const known = new Set(numbers);
  const parts = () => folderParts(found, titles, known.size, open);
  const open = (number) => alone(() => judgeDecision(found, known.has(number) ? number : 0, parts));
  put(parts);
}

// `parts`: those of the folder, to go back to.
async function judgeDecision(folder, number, parts) {
  const text = number ? (await openDecision(folder, number)).text : null;
  const found = text === null ? unreadable("Its signed file is not in it.") : await check(text);
  put(() => [button(line("Back to all of it"), () => put(parts)), ...resultParts(found)]);
}

// Says each tenth, so that a screen reader is not flooded.
function tellProgress(done, count) {
  const tenth = Math.floor((done * 10) / count);
  const percent = tenth * 10;
  const said = say(line("Files checked: {percent} % of {count}", { percent, count }));
  if (byId("progress").textContent !== said) byId("progress").textContent = said;
}

// --- what people do --------------------------------------------------------------------------------

// Runs one check at a time.
async function alone(run) {
  if (isBusy) return;
  isBusy = true;
  byId("progress").textContent = say(line("I am checking…"));
  try {
    await run();
  } finally {
    isBusy = false;
    byId("progress").textContent = "";
  }
}

async function take(transfer) {
  const text = transfer.getData("text");
  const given = await readDropped(transfer);
  for (const id of ["file", "packed", "folder"]) byId(id).value = "";
  if (given === null) {
    const said = "This browser doesn't let me read what you dropped. Choose it with the fields above.";
    return put(() => resultParts(unreadable(said)));
  }
  if (given.size) return judgeFiles(given);
  byId("text").value = text;
  return judgeResult(text.trim(), "");
}

// The files, or null where the browser refuses them.
async function readDropped(transfer) {
  try {
    return await droppedFiles(transfer);
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}

for (const chooser of document.querySelectorAll("[data-language]")) {
  chooser.addEventListener("click", () => {
    speak(chooser.dataset.language);
    show();
  });
}
for (const [form, run] of [["form", runResult], ["folder-form", runFolder]]) {
  byId(form).addEventListener("submit", (event) => {
    event.preventDefault();
    alone(run);
  });
}
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("dragged");
});
document.addEventListener("dragleave", () => document.body.classList.remove("dragged"));
document.addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("dragged");
  alone(() => take(event.dataTransfer));
});
// Where a browser can't choose folders, the ZIP file is the way.
byId("folder").webkitdirectory = true;
byId("whole-folder").hidden = !("webkitdirectory" in HTMLInputElement.prototype);
speak(languageOf(navigator.language));
