"""Every line of `lines.txt` is read as it is written there by hand, or asked back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.api import dates
from commands.events.grammar import args, drafts, phrases

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)
ZONE = "America/Bogota"
SHOWN = (args.PLACE, args.SEATS, args.LASTS, args.LINK, args.EVERY)


def table() -> list[tuple[str, str]]:
    """The lines with what is expected of them."""
    rows = Path(__file__).with_name("lines.txt").read_text("utf-8").split("\n")
    split = [row.split(" => ") for row in rows if " => " in row and not row.startswith("#")]
    return [(line.replace("\\n", "\n"), expected) for line, expected in split]


def when(found: object) -> str:
    if isinstance(found, dates.ZonedTime):
        day = f"{found.wall:%a %m-%d}" if found.wall.year == 2026 else f"{found.wall:%a %Y-%m-%d}"
        clock = f" {found.wall:%H:%M}" if found.has_time else ""
        return day + clock + ("" if found.zone == ZONE else f" {found.zone}")
    if isinstance(found, dates.AmbiguousDate | dates.AmbiguousSeries):
        return "? " + " / ".join(when(option) for option in found.options)
    if isinstance(found, dates.Recurrence):
        return f"{found.rule.removeprefix('FREQ=')} from {when(found.first)}"
    if isinstance(found, dates.PastDate):
        return f"! past {when(found.when)}"
    return "-" if found is None else "!"


def shown(line: str) -> str:
    draft = drafts.parse_draft(line, NOW, ZONE)
    read = draft.series or draft.when
    said = [draft.title or "-", when(read)]
    if isinstance(read, dates.UnreadableDate):
        said[0] = "*"
    first = read.options[0] if isinstance(read, dates.AmbiguousDate) else read
    start = first.start if isinstance(first, dates.Recurrence) else getattr(first, "wall", NOW)
    if draft.end:
        end = phrases.find_end(draft.end, start, NOW, ZONE)
        said.append(f"until {end:%H:%M}" if end else "until ?")
    if draft.days:
        said.append(f"{draft.days} days")
    named = {"place": draft.place, "seats": draft.seats, "every": draft.every, **draft.named}
    said += [f"{arg.key}={named[arg.key]}" for arg in SHOWN if named.get(arg.key)]
    if draft.bounds.times:
        said.append(f"times={draft.bounds.times}")
    if draft.bounds.until:
        said.append(f"ends={draft.bounds.until}")
    if draft.bounds.but:
        said.append("but=" + ",".join(draft.bounds.but))
    if draft.every and phrases.is_only_rhythm(draft.every) and phrases.is_clock(draft.phrase):
        said.append("day missing")
    if draft.about:
        said.append(f"about={draft.about}")
    return " | ".join(said)


@pytest.mark.parametrize(("line", "expected"), table())
def test_a_line_is_read_as_the_table_says(line: str, expected: str) -> None:
    assert shown(line) == expected


def test_the_table_is_long_and_has_lines_that_are_asked_back() -> None:
    expected = [row for _line, row in table()]
    assert len(expected) >= 120
    doubtful = ("| ?", "| !", "| -", "- |", "day missing")
    assert sum(any(mark in row for mark in doubtful) for row in expected) >= 20
