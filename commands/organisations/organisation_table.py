"""Organisations as a table, from spreadsheets or from lines pasted by hand. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.api import LIKE_ADDRESS, Line, _, expand_links, fold, spreadsheets, words

COLUMNS = {
    "name": words(
        "organización",
        "organização",
        "organisation",
        "organization, org, nombre, nome, name, entidad, entidade, entity",
    ),
    "delegate": words(
        "titular",
        "titular",
        "delegate",
        "delegado, delegada, delegación, delegação, representante, vocera, vocero",
    ),
    "alternate": words(
        "suplente", "suplente", "alternate", "alterna, alterno, substitute, deputy, reserva"
    ),
    "weight": words("peso", "peso", "weight", "votos, votes"),
}
_COLUMN_OF = {fold(word): column for column, names in COLUMNS.items() for word in names}
ORDER = tuple(COLUMNS)
_WHOLE = re.compile(r"\d{1,9}|\d{1,3}(?:[. ,]\d{3}){1,2}")


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """An organisation as it is written. None means there is no such column: leave it unchanged."""

    line: int
    name: str
    delegate: str | None = None
    alternate: str | None = None
    weight: str | None = None


@dataclass(frozen=True, slots=True)
class OrganisationTable:
    """A parsed table, with the lines that could not be read."""

    rows: tuple[OrganisationRow, ...]
    problems: tuple[Line, ...] = ()
    ignored: tuple[str, ...] = ()
    """Columns that were not read."""


def write_table(language: str, rows: Iterable[Sequence[str]]) -> bytes:
    """Return the organisations as a CSV file with a heading in this language."""
    return spreadsheets.to_csv([[names.in_language(language) for names in COLUMNS.values()], *rows])


def parse_table(text: str) -> OrganisationTable:
    """Return the organisations in a table, with or without a heading and with any separator."""
    text, sign = spreadsheets.find_separator(spreadsheets.tidy_text(text))
    return _by_hand(text) if sign is None else _read(text, sign)


def _read(text: str, sign: str) -> OrganisationTable:
    cells, broken = spreadsheets.read_rows(text, sign)
    if broken:
        return OrganisationTable(
            (), (_("Line {line}: a quotation mark is not closed.", line=broken),)
        )
    if not cells:
        return OrganisationTable(())
    heading = [_COLUMN_OF.get(fold(cell)) for cell in cells[0][1]]
    if sum(column is not None for column in heading) < 2:
        return _positions(cells)
    return _columns(cells, heading)


def _columns(
    cells: Sequence[tuple[int, list[str]]], heading: Sequence[str | None]
) -> OrganisationTable:
    titles = cells[0][1]
    place = {column: n for n, column in reversed(list(enumerate(heading))) if column}
    ignored = tuple(t for t, column in zip(titles, heading, strict=True) if t and not column)
    if "name" not in place:
        return OrganisationTable((), (_("The column with the names is missing: `organisation`."),))
    rows = []
    for line, row in cells[1:]:
        padded = row + [""] * len(titles)
        rows.append(OrganisationRow(line, **{column: padded[n] for column, n in place.items()}))
    return OrganisationTable(tuple(rows), (), ignored)


def _positions(cells: Sequence[tuple[int, list[str]]]) -> OrganisationTable:
    """Read columns by position: name, delegate, alternate, weight.

    A last number is the weight.
    """
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
            if rest and (len(row) == len(ORDER) or parse_number(rest[-1]) is not None)
            else None
        )
        delegate, alternate = [*rest, None, None][:2]
        rows.append(OrganisationRow(line, name, delegate, alternate, weight))
    return OrganisationTable(tuple(rows), tuple(problems))


def _too_many(line: int, count: int) -> Line:
    return _(
        "Line {line} has {count} parts. At most four: organisation; delegate; alternate; weight",
        line=line,
        count=count,
    )


def _by_hand(text: str) -> OrganisationTable:
    """Parse `South Co-op @ana:server @beto:server 20`, one a line. Chats drop tabs."""
    rows, problems = [], []
    for line, said in enumerate(text.splitlines(), start=1):
        said = expand_links(said)
        people = LIKE_ADDRESS.findall(said)
        if not said.strip() or (line == 1 and fold(said.strip()) in _COLUMN_OF):
            continue
        if len(people) > 2:
            problems.append(_too_many(line, len(people) + 2))
            continue
        name, weight = said, None
        if people:
            name = said[: said.index(people[0])]
            weight = said[said.rindex(people[-1]) + len(people[-1]) :].strip() or None
        name = spreadsheets.unguard_cell(name.strip(' "').strip())
        delegate, alternate = [*people, None, None][:2]
        rows.append(OrganisationRow(line, name, delegate, alternate, weight))
    return OrganisationTable(tuple(rows), tuple(problems))


def parse_number(typed: str) -> int | None:
    """Return a whole number as people and spreadsheets write it (`1.000`, `1 000`), or None."""
    typed = typed.strip()
    return int(re.sub(r"\D", "", typed)) if _WHOLE.fullmatch(typed) else None
