"""A table of data, read from a file of any spreadsheet and written anew as RFC 4180 says. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.api import Line, UserError, _, one_line, spreadsheets
from bot.api import public_document as documents

Type = Literal["string", "integer", "number", "boolean", "date"]
MOST_COLUMNS = documents.MOST_PARTS
LONGEST_NAME = 200
_INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,17})", re.ASCII)
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,17})(?:\.\d{1,17})?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table whose rows have as many cells as its first line has names."""

    columns: tuple[documents.PublicColumn, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def about(self) -> Line:
        """The size of the table in words."""
        return _(
            "a table of {columns} columns and {rows} rows",
            columns=len(self.columns),
            rows=len(self.rows),
        )

    def to_csv(self) -> bytes:
        """Return the table as CSV in UTF-8 with commas. Cells that a spreadsheet would run are
        guarded."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow([one.name for one in self.columns])
        types = [one.type for one in self.columns]
        writer.writerows(
            [
                cell if of != "string" or cell[:1].isalnum() else spreadsheets.guard_cell(cell)
                for cell, of in zip(row, types, strict=True)
            ]
            for row in self.rows
        )
        return out.getvalue().encode()


def read_table(text: str) -> DataTable:
    r"""Return the data table in a text. `text` has nothing hidden and `\n` at the end of its lines.

    Raises `UserError` for one whose lines don't fit together.
    """
    plain, sign = spreadsheets.find_separator(spreadsheets.tidy_text(text))
    found, broken = spreadsheets.read_rows(plain, sign or ",")
    if broken is not None:
        raise UserError(_("Line {line}: a quotation mark is not closed.", line=broken))
    if not found:
        raise UserError(_("That table is empty."))
    names = [one_line(cell) for cell in found[0][1]]
    if not all(names) or len({name.casefold() for name in names}) < len(names):
        raise UserError(_("The first line must name each column, each with another name."))
    if len(names) > MOST_COLUMNS or max(map(len, names)) > LONGEST_NAME:
        raise UserError(_("The first line is too long to be the names of columns."))
    rows = tuple(_fit(line, row, names) for line, row in found[1:])
    types = [_type([row[at] for row in rows]) for at in range(len(names))]
    return DataTable(
        tuple(
            documents.PublicColumn(name=spreadsheets.guard_cell(name), type=of)
            for name, of in zip(names, types, strict=True)
        ),
        rows,
    )


def _fit(line: int, row: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    if any(row[len(names) :]):
        raise UserError(_("Line {line} has more cells than the first line has names.", line=line))
    return (*row[: len(names)], *[""] * (len(names) - len(row)))


def _type(cells: Sequence[str]) -> Type:
    """Return the type that all cells have, as far as they are not empty; in doubt it is text."""
    known = [cell for cell in cells if cell]
    if not known:
        return "string"
    if all(map(_INTEGER.fullmatch, known)):
        return "integer"
    if all(map(_NUMBER.fullmatch, known)):
        return "number"
    if all(map(_is_date, known)):
        return "date"
    return "boolean" if {*known} <= {"true", "false"} else "string"


def _is_date(cell: str) -> bool:
    if not _DATE.fullmatch(cell):
        return False
    try:
        date.fromisoformat(cell)
    except ValueError:
        return False
    return True
