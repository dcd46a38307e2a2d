"""Parsing of a list as typed, pasted or saved by a spreadsheet. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.api import UserId, split_people
from commands.onboarding.areas.area_words import without_fillers

SHOWN = 60
"""Letters shown of a line in which no address was found."""


@dataclass(frozen=True, slots=True)
class ParsedList:
    """People, lines without an address, and the words before the first person.

    `head`: these words; they name the area.
    """

    people: tuple[UserId, ...]
    wrong: tuple[str, ...]
    head: str = ""


def parse_typed(text: str, mentions: Sequence[UserId] = ()) -> ParsedList:
    """Return the area and the people in `press @ana:server @bea:server`, or with the people on
    lines below."""
    first, _line, rest = text.partition("\n")
    meant = split_people(first, mentions)
    below = parse_table(rest)
    words = " ".join(without_fillers(meant.words))
    people = dict.fromkeys((*meant.people, *below.people))
    return ParsedList(tuple(people), (*meant.wrong, *below.wrong), words)


def parse_table(text: str) -> ParsedList:
    """Return the people in a table: each line has an address somewhere, a heading may have none."""
    people: dict[UserId, None] = {}
    wrong: list[str] = []
    lines = [line.strip() for line in text.splitlines() if line.strip(" \t;,|'\"")]
    for n, line in enumerate(lines):
        found = split_people(line)
        people |= dict.fromkeys(found.people)
        if not found.people and (found.wrong or n):
            wrong.append(line[:SHOWN])
    return ParsedList(tuple(people), tuple(wrong))
