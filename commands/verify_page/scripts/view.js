// The page: takes a file, a drag or pasted text, and says what holds. Text only ever becomes text.

import { line, render } from "./lines.js";
import { canCheck } from "./documents.js";
import { fileToGive } from "./files.js";
import { check, RECEIPT_ASKED } from "./report.js";
import { OPEN_FROM } from "./rules.js";

const LANGUAGES = ["es", "pt", "en"];
const NOT_HERE =
  "This browser can't check signatures. A newer one can: Firefox, Chrome or Safari.";
const byId = (id) => document.getElementById(id);
let language = LANGUAGES.find((one) => navigator.language.toLowerCase().startsWith(one)) ?? "es";
let report = null;

function show() {
  document.documentElement.lang = language;
  for (const part of document.querySelectorAll("[data-say]")) {
    part.textContent = render(line(part.dataset.say), language);
  }
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
  document.title = `Minga: ${render(line("Check a result"), language)}`;
  if (report) byId("report").replaceChildren(...reportParts(report));
}

function reportParts(found) {
  if (found.unreadable) return [heading(line("This can't be checked")), ...paragraphs(found.unreadable)];
  if (found.bad.length) {
    return [heading(line("Do not trust this file")), ...paragraphs([found.head]), list(found.bad)];
  }
  return [
    heading(
      found.isTrue
        ? line("The file is true in itself")
        : line("The file is true in itself, but a vote of yours does not count"),
    ),
    ...paragraphs([found.head, ...found.said.flatMap(withOwnHours)]),
    heading(line("What was checked")),
    list(found.fine),
    ...(found.ask.length ? [heading(line("What only you can tell")), list(found.ask)] : []),
    heading(line("What to compare yourself")),
    ...found.beyond.map(forPage).map(toCompare),
  ];
}

// What the command line asks for in its own way.
function forPage(said) {
  return said.id === RECEIPT_ASKED ? line("Did your own vote count? Give me your receipt too.") : said;
}

function heading(said) {
  return element("h2", said);
}

// Commands stand in backticks in what a person compares, and there no typed words stand.
function toCompare(said) {
  const made = document.createElement("p");
  const parts = render(said, language).split("`");
  made.append(...parts.map((one, at) => (at % 2 ? code(one) : one)));
  return made;
}

function code(typed) {
  const made = document.createElement("code");
  made.textContent = typed;
  return made;
}

function paragraphs(lines) {
  return lines.map((said) => element("p", said));
}

function list(lines) {
  const items = document.createElement("ul");
  items.append(...lines.map((said) => element("li", said)));
  return items;
}

function element(name, said) {
  const made = document.createElement(name);
  made.textContent = render(said, language);
  return made;
}

// A decision's page has the hours of the network; its file has them in UTC.
function withOwnHours(said) {
  if (said.id !== OPEN_FROM || new Date().getTimezoneOffset() === 0) return [said];
  const [opened, ended] = [said.values.opened, said.values.ended].map(ownHour);
  return [said, line("By the clock of this phone: from {opened} to {ended}.", { opened, ended })];
}

function ownHour(utc) {
  const at = new Date(`${utc.replace(" ", "T")}Z`);
  if (Number.isNaN(at.getTime())) return utc; // beyond the year 9999
  const style = { dateStyle: "long", timeStyle: "short" };
  return new Intl.DateTimeFormat(language, style).format(at);
}

async function textOf(fileField, textField) {
  const [file] = byId(fileField).files;
  return file ? file.text() : byId(textField).value.trim();
}

// `name`: of the file, where it did not come through the field.
async function run(name = byId("file").files[0]?.name ?? "") {
  const text = await textOf("file", "text");
  const receipt = await textOf("receipt-file", "receipt");
  if (!(await canCheck())) report = unreadable(NOT_HERE);
  else if (!text) report = unreadable("Choose the file of the result first, or paste its text.");
  else {
    report = await check(text, receipt ? [receipt] : []);
    if (report.unreadable) report.unreadable.push(fileToGive(text, name));
  }
  show();
  byId("report").focus();
}

function unreadable(id) {
  return { unreadable: [line(id)] };
}

async function take(transfer) {
  const [file] = transfer.files;
  byId("file").value = "";
  byId("text").value = file ? await file.text() : transfer.getData("text");
  await run(file?.name);
}

for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => {
    language = button.dataset.language;
    show();
  });
}
byId("form").addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("dragged");
});
document.addEventListener("dragleave", () => document.body.classList.remove("dragged"));
document.addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("dragged");
  take(event.dataTransfer);
});
show();
