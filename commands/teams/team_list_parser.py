"""Parse a list of teams: a line for each, or a table from a spreadsheet. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.api import (
    UserId,
    expand_links,
    fold,
    is_address,
    one_line,
    spreadsheets,
    words,
)

LONGEST_NAME = 60
"""Limit of characters of a team's name."""
_NEXT_TEAM = re.compile(r"(@[^\s:;,|]{1,254}:[^\s;,|]{1,254})[\s;,]+(?=[^@:;,|\n]{1,60}:\s*@)")
"""After an address a new team's name may begin on the same line."""
_FIRST_PERSON = re.compile(r"(?:^|(?<=[\s:,;|(<]))@")
"""Where the people of a line begin."""
_BULLET = re.compile(r"^\s*(?:[-*•·]|\d{1,3}[.)])\s+")
_EDGES = " \t:,;|-–—*\"'“”()"
_FILLERS = frozenset("y e and con com with".split())  # noqa: SIM905
_HEADING = frozenset(
    fold(word)
    for word in words("equipo", "equipe", "team", "grupo, group, cohorte, turma, time, sala, room")
)
_SEPARATORS = (";", "\t", ",")


@dataclass(frozen=True, slots=True)
class ListedTeam:
    """A team of a list; each person occurs once."""

    name: str
    people: tuple[UserId, ...]


@dataclass(frozen=True, slots=True)
class TeamList:
    """`wrong`: words among the people that are no addresses. `title` may be empty."""

    teams: tuple[ListedTeam, ...]
    wrong: tuple[str, ...] = ()
    title: str = ""


def read_list(text: str, pills: Mapping[str, UserId] | None = None) -> TeamList:
    """Return the teams in `North: @ana:x @bea:y`, one a line. A first line without people is the
    title.

    `pills` maps names in the text to the people they stand for.
    """
    found, wrong, title = dict[str, list[UserId]](), list[str](), ""
    current = ""
    for n, line in enumerate(_split_lines(_expand_pills(expand_links(text), pills or {}))):
        if not line.strip():
            continue
        name, people = _split_name(_BULLET.sub("", line))
        if n == 0 and name and not people and ":" not in line:
            title = name
            continue
        current = name or current
        if not current:
            wrong += _split_people(people)[1] or [people[:LONGEST_NAME]]
            continue
        users, others = _split_people(people)
        found.setdefault(current, []).extend(users)
        wrong += others
    return _team_list(found, wrong, title)


def _split_lines(text: str) -> list[str]:
    return re.split(r"[\n|]", _NEXT_TEAM.sub("\\1\n", text))


def _expand_pills(text: str, pills: Mapping[str, UserId]) -> str:
    """Replace names by addresses: apps write a person's name where a pill stood."""
    for name, user in sorted(pills.items(), key=lambda pill: -len(pill[0])):
        if name:
            text = re.sub(rf"(?<![\w@:]){re.escape(name)}(?![\w:])", f" {user} ", text, count=1)
    return text


def _split_name(line: str) -> tuple[str, str]:
    """Return the team's name, and the rest of the line."""
    first = _FIRST_PERSON.search(line)
    colon = line.find(":")
    if colon >= 0 and (first is None or colon < first.start()):
        return _clean_name(line[:colon]), line[colon + 1 :]
    if first is None:
        return _clean_name(line), ""
    return _clean_name(line[: first.start()]), line[first.start() :]


def _clean_name(name: str) -> str:
    return one_line(name).strip(_EDGES)


def _split_people(people: str) -> tuple[list[UserId], list[str]]:
    users, others = list[UserId](), list[str]()
    for token in re.split(r"[\s,;]+", people):
        word = token.strip("<>()[]\"'*-.,;|")
        if is_address(word):
            users.append(UserId(word))
        elif word and fold(word) not in _FILLERS:
            others.append(word[:LONGEST_NAME])
    return users, others


def _team_list(found: Mapping[str, Sequence[UserId]], wrong: Sequence[str], title: str) -> TeamList:
    teams = [ListedTeam(name, tuple(dict.fromkeys(people))) for name, people in found.items()]
    return TeamList(tuple(teams), tuple(dict.fromkeys(wrong)), title)


# --- a table --------------------------------------------------------------------------------------


def read_table(data: bytes) -> TeamList:
    """Return the teams of a CSV table, and the cells that are no person's address.

    A row of the table has a team and its people, or a person and their team.
    """
    text = spreadsheets.decode_text(data).replace("\x00", "")
    sign = _find_separator(text)
    rows = [[cell.strip().lstrip("'") for cell in row] for row in _rows(text, sign)]
    rows = [row for row in rows if any(row)]
    column, below = _find_team_column(rows)
    found, wrong = dict[str, list[UserId]](), list[str]()
    for row in below:
        name, people = _read_row(row, column)
        if not name:
            wrong += people[:1]
            continue
        members = found.setdefault(name, [])
        for cell in people:
            users, others = _split_people(expand_links(cell))
            members += users
            wrong += others
    if not any(found.values()):  # a table of something else
        return TeamList((), tuple(wrong))
    return _team_list(found, wrong, "")


def _find_separator(text: str) -> str:
    """Return the separator that occurs in most lines."""
    lines = text.splitlines()[:50]
    return max(_SEPARATORS, key=lambda sign: sum(sign in line for line in lines))


def _rows(text: str, sign: str) -> list[list[str]]:
    """Return the rows; none if a cell is longer than the reader takes (`csv.field_size_limit`)."""
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=sign))
    except csv.Error:
        return []


def _find_team_column(rows: Sequence[list[str]]) -> tuple[int | None, Sequence[list[str]]]:
    """Return the team's column, if a heading names it, and the rows below the heading."""
    if not rows or any("@" in cell for cell in rows[0]):
        return None, rows
    named = [n for n, cell in enumerate(rows[0]) if fold(cell) in _HEADING]
    below = any("@" in cell for row in rows[1:2] for cell in row)
    return (named[0] if named else None), (rows[1:] if named or below else rows)


def _read_row(row: Sequence[str], column: int | None) -> tuple[str, list[str]]:
    """Return the team's name, and the cells with people. A person's own name is left out."""
    if column is None:
        column = next((n for n, cell in enumerate(row) if cell and "@" not in cell), -1)
    name = _clean_name(row[column]) if 0 <= column < len(row) else ""
    return name, [cell for n, cell in enumerate(row) if n != column and "@" in cell]
