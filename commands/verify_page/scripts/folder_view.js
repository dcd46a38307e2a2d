// The report on a whole folder, as parts of the page; each decision in it is opened from there.

import { KEEP_HEAD, namedFaults } from "./folder.js";
import { line } from "./lines.js";
import { button, element, heading, list, paragraphs, say, withCommands } from "./parts.js";
import { unreadableParts } from "./result_view.js";

// `titles`: of the newest decisions, as [number, line]. `count`: how many decisions there are.
// `open(number)`: called for the decision that somebody wants to see.
export function folderParts(found, titles, count, open) {
  if (found.unreadable) return unreadableParts(found.unreadable);
  if (!found.isTrue) {
    const next = "A copy can be cut off on its way: get it once more. If it says the same, tell others.";
    return [
      heading(line("Do not trust this folder")),
      list(namedFaults(found.wrong)),
      ...paragraphs([line(next)]),
    ];
  }
  return [
    heading(
      found.isLoose
        ? line("These files are as the network wrote them")
        : line("The folder is as the network wrote it"),
    ),
    list(found.said.map(forPage)),
    heading(line("What to compare yourself")),
    ...found.beyond.map(withCommands),
    ...(count ? decisionParts(titles, count, open) : []),
  ];
}

function decisionParts(titles, count, open) {
  const choices = titles.map(([number, title]) =>
    button(line("{number}: {question}", { number, question: title }), () => open(number)),
  );
  const every = element("ul", choices.map((one) => element("li", [one])));
  every.className = "choices";
  const further = count > titles.length ? [numberField(open)] : [];
  return [heading(line("Check one of its decisions")), every, ...further];
}

function numberField(open) {
  const field = element("input", []);
  Object.assign(field, { id: "number", inputMode: "numeric", autocomplete: "off" });
  const label = element("label", [say(line("The number of another decision"))]);
  label.htmlFor = field.id;
  const form = element("form", [label, field, button(line("Check it"), () => form.requestSubmit())]);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    open(Number(field.value.trim()));
  });
  return form;
}

// What the command line asks for in its own way.
function forPage(said) {
  const kept = "Keep head.json or this ZIP file: given here later it shows whether the past was rewritten.";
  return said.id === KEEP_HEAD ? line(kept) : said;
}
