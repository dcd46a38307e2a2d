"""Parse a list of teams: a line for each, or a table from a spreadsheet. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from bot.api import UserId, fold, harmless, words

LONGEST = 60
"""Limit of characters of a team's name."""
_LINK = re.compile(r"(?:\[[^\]\n]{0,100}\]\()?https?://matrix\.to/#/(@[^\s)?]{1,400})[^\s)]*\)?")
_ADDRESS = re.compile(
    r"@[a-zA-Z0-9._=\-/+]{1,200}:[a-zA-Z0-9](?:[a-zA-Z0-9.\-]{0,228})(?::\d{1,5})?"
)
_NEXT = re.compile(r"(@[^\s:;,|]{1,254}:[^\s;,|]{1,254})[\s;,]+(?=[^@:;,|\n]{1,60}:\s*@)")
"""After an address a new team's name may begin on the same line."""
_FIRST = re.compile(r"(?:^|(?<=[\s:,;|(<]))@")
"""Where the people of a line begin."""
_MARK = re.compile(r"^\s*(?:[-*•·]|\d{1,3}[.)])\s+")
_EDGES = " \t:,;|-–—*\"'“”()"
_FILLERS = frozenset("y e and con com with".split())  # noqa: SIM905
_HEADING = frozenset(
    fold(word)
    for word in words("equipo", "equipe", "team", "grupo, group, cohorte, turma, time, sala, room")
)
_SIGNS = (";", "\t", ",")


@dataclass(frozen=True, slots=True)
class Named:
    """A team of a list; each person occurs once."""

    name: str
    people: tuple[UserId, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """`wrong`: words among the people that are no addresses. `title` may be empty."""

    teams: tuple[Named, ...]
    wrong: tuple[str, ...] = ()
    title: str = ""


def read(text: str, pills: Mapping[str, UserId] | None = None) -> Listed:
    """Read `North: @ana:x @bea:y`, one team a line. A first line without people is the title.

    `pills` maps names in the text to the people they stand for.
    """
    found, wrong, title = dict[str, list[UserId]](), list[str](), ""
    current = ""
    for n, line in enumerate(_lines(_with_pills(_linked(text), pills or {}))):
        if not line.strip():
            continue
        name, people = _parts(_MARK.sub("", line))
        if n == 0 and name and not people and ":" not in line:
            title = name
            continue
        current = name or current
        if not current:
            wrong += _split(people)[1] or [people[:LONGEST]]
            continue
        users, others = _split(people)
        found.setdefault(current, []).extend(users)
        wrong += others
    return _listed(found, wrong, title)


def _lines(text: str) -> list[str]:
    return re.split(r"[\n|]", _NEXT.sub("\\1\n", text))


def _linked(text: str) -> str:
    return _LINK.sub(lambda m: f" {unquote(m[1])} ", text)


def _with_pills(text: str, pills: Mapping[str, UserId]) -> str:
    """Replace names by addresses: apps write a person's name where a pill stood."""
    for name, user in sorted(pills.items(), key=lambda pill: -len(pill[0])):
        if name:
            text = re.sub(rf"(?<![\w@:]){re.escape(name)}(?![\w:])", f" {user} ", text, count=1)
    return text


def _parts(line: str) -> tuple[str, str]:
    """Return the team's name, and the rest of the line."""
    first = _FIRST.search(line)
    colon = line.find(":")
    if colon >= 0 and (first is None or colon < first.start()):
        return _clean(line[:colon]), line[colon + 1 :]
    if first is None:
        return _clean(line), ""
    return _clean(line[: first.start()]), line[first.start() :]


def _clean(name: str) -> str:
    return " ".join(harmless(name).split()).strip(_EDGES)


def _split(people: str) -> tuple[list[UserId], list[str]]:
    users, others = list[UserId](), list[str]()
    for token in re.split(r"[\s,;]+", people):
        word = token.strip("<>()[]\"'*-.,;|")
        if len(word) <= 255 and ".." not in word and _ADDRESS.fullmatch(word):
            users.append(UserId(word))
        elif word and fold(word) not in _FILLERS:
            others.append(word[:LONGEST])
    return users, others


def _listed(found: Mapping[str, Sequence[UserId]], wrong: Sequence[str], title: str) -> Listed:
    teams = [Named(name, tuple(dict.fromkeys(people))) for name, people in found.items()]
    return Listed(tuple(teams), tuple(dict.fromkeys(wrong)), title)


# --- a table --------------------------------------------------------------------------------------


def read_table(data: bytes) -> Listed:
    """Read CSV: a row for each team with its people, or for each person with their team."""
    text = _decoded(data).replace("\x00", "")
    sign = _sign(text)
    rows = [[cell.strip().lstrip("'") for cell in row] for row in _rows(text, sign)]
    rows = [row for row in rows if any(row)]
    column, below = _heading(rows)
    found, wrong = dict[str, list[UserId]](), list[str]()
    for row in below:
        name, people = _team_of(row, column)
        if not name:
            wrong += people[:1]
            continue
        members = found.setdefault(name, [])
        for cell in people:
            users, others = _split(_linked(cell))
            members += users
            wrong += others
    if not any(found.values()):  # a table of something else
        return Listed((), tuple(wrong))
    return _listed(found, wrong, "")


def _decoded(data: bytes) -> str:
    """Decode UTF-8, UTF-16 or Windows-1252, as spreadsheets save it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _sign(text: str) -> str:
    """Return the separator that occurs in most lines."""
    lines = text.splitlines()[:50]
    return max(_SIGNS, key=lambda sign: sum(sign in line for line in lines))


def _rows(text: str, sign: str) -> Iterable[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=sign)


def _heading(rows: Sequence[list[str]]) -> tuple[int | None, Sequence[list[str]]]:
    """Return the team's column, if a heading names it, and the rows below the heading."""
    if not rows or any("@" in cell for cell in rows[0]):
        return None, rows
    named = [n for n, cell in enumerate(rows[0]) if fold(cell) in _HEADING]
    below = any("@" in cell for row in rows[1:2] for cell in row)
    return (named[0] if named else None), (rows[1:] if named or below else rows)


def _team_of(row: Sequence[str], column: int | None) -> tuple[str, list[str]]:
    """Return the team's name, and the cells with people. A person's own name is left out."""
    if column is None:
        column = next((n for n, cell in enumerate(row) if cell and "@" not in cell), -1)
    name = _clean(row[column]) if 0 <= column < len(row) else ""
    return name, [cell for n, cell in enumerate(row) if n != column and "@" in cell]
