"""Split a calendar file into the properties of its events, in one pass over any input.

Why not icalendar, with which files are written: docs/decisions/0029.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

READ_PROPERTIES = frozenset(
    (
        "UID",
        "SEQUENCE",
        "SUMMARY",
        "DTSTART",
        "DTEND",
        "DURATION",
        "RRULE",
        "RDATE",
        "EXDATE",
        "RECURRENCE-ID",
        "LOCATION",
        "URL",
        "DESCRIPTION",
        "STATUS",
    )
)
"""The properties that are read. People, alarms and attachments are not."""
LONGEST_VALUE = 30_000
"""The characters of a value that are read; the rest is cut."""
MOST_LINES = 500
MOST_ZONES = 200
_LINE = re.compile(r'([A-Za-z-]{1,40})((?:;(?:"[^"]*"|[^":])*)?):(.*)', re.DOTALL)
_CONTENT = re.compile(r"[^\r\n]+")
_FOLDS = re.compile(r"(?:[\r\n]++[ \t][^\r\n]*+)*+")


Property = tuple[str, str]
"""The parameters of a property and its value, both unparsed."""


@dataclass(slots=True)
class EventBlock:
    """An event as it stands in the file: the number of its first line and its properties.

    `whole` is True if its END was found.
    """

    line: int
    lines: dict[str, list[Property]] = field(default_factory=dict)
    count: int = 0
    whole: bool = False

    def first(self, name: str) -> Property | None:
        """Return the event's first property of this name, or None."""
        return next(iter(self.lines.get(name, ())), None)

    def value(self, name: str) -> str:
        """Return the value of the event's first property of this name, or an empty string."""
        return (self.first(name) or ("", ""))[1]


@dataclass(slots=True)
class FileBlocks:
    """The parts of a file. `located` maps TZID to X-LIC-LOCATION; `zone` is X-WR-TIMEZONE.

    `others` counts tasks and journals, which are not read.
    """

    calendar: bool = False
    events: list[EventBlock] = field(default_factory=list)
    others: int = 0
    located: dict[str, str] = field(default_factory=dict)
    zone: str = ""


def split_blocks(text: str) -> FileBlocks:
    """Return the events at the first level of a calendar file. What is nested in them is
    skipped."""
    found = FileBlocks()
    inside: list[str] = []
    zone = ""
    for number, line in _unfold_lines(text):
        word = line[:60].strip().upper()
        if word.startswith("BEGIN:"):
            _begin(found, inside, word[6:].strip(), number)
        elif word.startswith("END:"):
            _end(found, inside, word[4:].strip())
        elif inside == ["VCALENDAR", "VEVENT"]:
            _add_property(found.events[-1], line)
        elif inside == ["VCALENDAR"] and word.startswith("X-WR-TIMEZONE"):
            found.zone = line.partition(":")[2].strip()[:200]
        elif inside == ["VCALENDAR", "VTIMEZONE"]:
            if word.startswith("TZID"):
                zone = line.partition(":")[2].strip(' "')[:200]
            elif word.startswith("X-LIC-LOCATION") and len(found.located) < MOST_ZONES:
                found.located[zone] = line.partition(":")[2].strip()[:200]
    return found


def _unfold_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield each unfolded line and the number it begins at. Long lines are cut."""
    number, begun, parts, size, end = 1, 1, [""], 0, 0
    while (found := _CONTENT.search(text, end)) is not None:
        number += _count_line_ends(text, end, found.start())
        end = found.end()
        if text[found.start()] in " \t" and number > 1:
            part = text[found.start() + 1 : min(end, found.start() + 1 + LONGEST_VALUE - size)]
            if part:
                parts.append(part)
                size += len(part)
            if size >= LONGEST_VALUE and (rest := _FOLDS.match(text, end)):
                number += _count_line_ends(text, end, rest.end())
                end = rest.end()
            continue
        yield begun, "".join(parts)
        begun, parts = number, [text[found.start() : min(end, found.start() + LONGEST_VALUE)]]
        size = len(parts[0])
    yield begun, "".join(parts)


def _count_line_ends(text: str, start: int, end: int) -> int:
    """Return how many lines end between the two positions."""
    return text.count("\n", start, end) or text.count("\r", start, end)


def _begin(found: FileBlocks, inside: list[str], name: str, number: int) -> None:
    if len(inside) < 10 or name == "VCALENDAR":
        if name == "VCALENDAR":  # also if the calendar before it is cut off
            inside.clear()
            found.calendar = True
        inside.append(name)
    if inside == ["VCALENDAR", "VEVENT"]:
        found.events.append(EventBlock(number))
    elif inside in (["VCALENDAR", "VTODO"], ["VCALENDAR", "VJOURNAL"]):
        found.others += 1


def _end(found: FileBlocks, inside: list[str], name: str) -> None:
    if name not in inside:
        return
    if name == "VEVENT" and inside[:2] == ["VCALENDAR", "VEVENT"]:
        found.events[-1].whole = True
    del inside[len(inside) - 1 - inside[::-1].index(name) :]


def _add_property(block: EventBlock, line: str) -> None:
    found = _LINE.match(line)
    if found is None or (name := found[1].upper()) not in READ_PROPERTIES:
        return
    block.count += 1
    if block.count <= MOST_LINES:
        block.lines.setdefault(name, []).append((found[2], found[3]))
