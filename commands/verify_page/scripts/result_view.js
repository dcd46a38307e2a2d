// The report on one signed result, as parts of the page.

import { line } from "./lines.js";
import { heading, list, ownHour, paragraphs, withCommands } from "./parts.js";
import { RECEIPT_ASKED } from "./report.js";
import { OPEN_FROM } from "./rules.js";

export function resultParts(found) {
  if (found.unreadable) return unreadableParts(found.unreadable);
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
    ...found.beyond.map(forPage).map(withCommands),
  ];
}

export function unreadableParts(lines) {
  return [heading(line("This can't be checked")), ...paragraphs(lines)];
}

// What the command line asks for in its own way.
function forPage(said) {
  return said.id === RECEIPT_ASKED ? line("Did your own vote count? Give me your receipt too.") : said;
}

// A decision's page has the hours of the network; its file has them in UTC.
function withOwnHours(said) {
  if (said.id !== OPEN_FROM || new Date().getTimezoneOffset() === 0) return [said];
  const [opened, ended] = [said.values.opened, said.values.ended].map(inOwnHours);
  return [said, line("By the clock of this phone: from {opened} to {ended}.", { opened, ended })];
}

function inOwnHours(utc) {
  const at = new Date(`${utc.replace(" ", "T")}Z`);
  return Number.isNaN(at.getTime()) ? utc : ownHour(at); // beyond the year 9999
}
