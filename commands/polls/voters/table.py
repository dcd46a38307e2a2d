"""Organisations as a table: what Excel and LibreOffice write and read, and lines pasted by hand.

Pure. The format is RFC 4180 with `;`, which Excel expects in Spanish and Portuguese.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.api import Line, _, fold, words

COLUMNS = {
    "name": words(
        "organización",
        "organização",
        "organisation",
        "organization, org, nombre, nome, name, entidad, entidade, entity",
    ),
    "delegate": words(
        "titular", "titular", "delegate",
        "delegado, delegada, delegación, delegação, representante, vocera, vocero",
    ),
    "alternate": words(
        "suplente", "suplente", "alternate", "alterna, alterno, substitute, deputy, reserva"
    ),
    "weight": words("peso", "peso", "weight", "votos, votes"),
}  # fmt: skip
_OF = {fold(word): column for column, names in COLUMNS.items() for word in names}
ORDER = tuple(COLUMNS)
_SEPARATORS = (";", "\t", ",")
_FORMULA = frozenset("=+-@\t\r\n＝＋－＠'")
"""A cell that begins so is run by a spreadsheet (OWASP, CSV injection), or was guarded by us."""
_ADDRESS = re.compile(r"\[[^\]]*\]\(https://matrix\.to/#/@[^)\s]+\)|@[^\s:@]+:[^\s,;]+")
_FENCE = re.compile(r"^```\w*[ \t]*$", re.MULTILINE)
"""Around what is pasted as code, so that a client leaves it as it is."""
_WHOLE = re.compile(r"\d{1,9}|\d{1,3}(?:[. ,]\d{3}){1,2}")


@dataclass(frozen=True, slots=True)
class Row:
    """An organisation as it is written. None: there is no such column, and it stays as it is."""

    line: int
    name: str
    delegate: str | None = None
    alternate: str | None = None
    weight: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[Row, ...]
    problems: tuple[Line, ...] = ()
    ignored: tuple[str, ...] = ()
    """Columns that were not read."""


def decoded(data: bytes) -> str:
    """The text of a file as spreadsheets save it: UTF-8, UTF-16, or Windows' western letters."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def guarded(cell: str) -> str:
    """The cell so that no spreadsheet takes it for a formula."""
    return "'" + cell if cell[:1] in _FORMULA and cell else cell


def bare(cell: str) -> str:
    """The cell without that guard."""
    return cell[1:] if cell[:1] == "'" and len(cell) > 1 and cell[1] in _FORMULA else cell


def write(language: str, rows: Iterable[Sequence[str]]) -> bytes:
    """A file with a heading."""
    return saved([[names.in_language(language) for names in COLUMNS.values()], *rows])


def saved(rows: Iterable[Sequence[str]]) -> bytes:
    """A table as a file, safe to open; with a mark so that Excel reads its letters rightly."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def read(text: str) -> Table:
    """What is written there, with or without a heading, whatever stands between the cells."""
    text = _FENCE.sub("", text.removeprefix("\ufeff").replace("\x00", ""))
    first = next((line for line in text.splitlines() if line.strip()), "")
    told = re.fullmatch(r"sep=(.)\s*", first)
    if told:
        return _read(text.replace(first, "", 1), told[1])
    counts = {sign: re.sub(r'"[^"]*"', "", first).count(sign) for sign in _SEPARATORS}
    sign = max(counts, key=lambda s: counts[s])
    return _read(text, sign) if counts[sign] else _by_hand(text)


def _read(text: str, sign: str) -> Table:
    cells, broken = _cells(text, sign)
    if broken:
        return Table((), (_("Line {line}: a quotation mark is not closed.", line=broken),))
    if not cells:
        return Table(())
    heading = [_OF.get(fold(cell)) for cell in cells[0][1]]
    if sum(column is not None for column in heading) < 2:
        return _positions(cells)
    return _columns(cells, heading)


def _cells(text: str, sign: str) -> tuple[list[tuple[int, list[str]]], int | None]:
    """Rows that are not empty with the lines where they begin; and where reading had to stop."""
    found, begins = [], 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    try:
        for row in reader:
            cells = [bare(cell.strip()).strip() for cell in row]
            if any(cells):
                found.append((begins, cells))
            begins = reader.line_num + 1
    except csv.Error:
        return [], begins
    return found, None


def _columns(cells: Sequence[tuple[int, list[str]]], heading: Sequence[str | None]) -> Table:
    titles = cells[0][1]
    place = {column: n for n, column in reversed(list(enumerate(heading))) if column}
    ignored = tuple(t for t, column in zip(titles, heading, strict=True) if t and not column)
    if "name" not in place:
        return Table((), (_("The column with the names is missing: `organisation`."),))
    rows = []
    for line, row in cells[1:]:
        padded = row + [""] * len(titles)
        rows.append(Row(line, **{column: padded[n] for column, n in place.items()}))
    return Table(tuple(rows), (), ignored)


def _positions(cells: Sequence[tuple[int, list[str]]]) -> Table:
    """Without a heading: name, delegate, alternate, weight; a last number is the weight."""
    rows, problems = [], []
    for line, row in cells:
        while len(row) > 1 and not row[-1]:
            row.pop()
        if len(row) > len(ORDER):
            problems.append(_too_many(line, len(row)))
            continue
        name, *rest = row
        weight = (
            rest.pop()
            if rest and (len(row) == len(ORDER) or number(rest[-1]) is not None)
            else None
        )
        delegate, alternate = [*rest, None, None][:2]
        rows.append(Row(line, name, delegate, alternate, weight))
    return Table(tuple(rows), tuple(problems))


def _too_many(line: int, count: int) -> Line:
    return _(
        "Line {line} has {count} parts. At most four: organisation; delegate; alternate; weight",
        line=line,
        count=count,
    )


def _by_hand(text: str) -> Table:
    """`South Co-op @ana:server @beto:server 20`, one a line: tabs are lost in a chat."""
    rows, problems = [], []
    for line, said in enumerate(text.splitlines(), start=1):
        people = _ADDRESS.findall(said)
        if not said.strip() or (line == 1 and fold(said.strip()) in _OF):
            continue
        if len(people) > 2:
            problems.append(_too_many(line, len(people) + 2))
            continue
        name, weight = said, None
        if people:
            name = said[: said.index(people[0])]
            weight = said[said.rindex(people[-1]) + len(people[-1]) :].strip() or None
        name = bare(name.strip(' "').strip())
        delegate, alternate = [*people, None, None][:2]
        rows.append(Row(line, name, delegate, alternate, weight))
    return Table(tuple(rows), tuple(problems))


def number(typed: str) -> int | None:
    """A whole number as people and spreadsheets write it (`1.000`, `1 000`); None: it is none."""
    typed = typed.strip()
    return int(re.sub(r"\D", "", typed)) if _WHOLE.fullmatch(typed) else None
