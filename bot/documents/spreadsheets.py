"""Reads and writes tables for Excel and LibreOffice. Pure.

The format is RFC 4180 with `;`, which Excel expects in Spanish and Portuguese. Cells that a
spreadsheet would execute are guarded on output, and the guard is removed on input.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from bot.text.normalisation import strip_hidden

_FORMULA = frozenset("=+-@\t\r\n＝＋－＠'")
"""First characters of a cell that a spreadsheet would execute (OWASP, CSV injection), or our
guard.
"""
_SEPARATORS = (";", "\t", ",")
_FENCE = re.compile(r"^```\w*[ \t]*$", re.MULTILINE)
"""Markdown fences around a table that was pasted as code."""


def decode_text(data: bytes) -> str:
    """Return the text of a file as spreadsheets save it: UTF-8, UTF-16 or else Windows-1252.

    Never raises: what can't be decoded becomes U+FFFD.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def guard_cell(cell: str) -> str:
    """Return the cell with an apostrophe in front if a spreadsheet could take it for a formula."""
    return "'" + cell if _may_be_formula(cell) else cell


def unguard_cell(cell: str) -> str:
    """Return the cell without the apostrophe that `guard_cell` puts before a formula."""
    return cell[1:] if cell[:1] == "'" and _may_be_formula(cell[1:]) else cell


def _may_be_formula(cell: str) -> bool:
    """Return whether it begins like one, also after what a spreadsheet drops or trims.

    LibreOffice drops NUL, and with it what stood before the `=`.
    """
    return not _FORMULA.isdisjoint((cell[:1], strip_hidden(cell).lstrip()[:1]))


def to_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Return the table as a guarded CSV file, with a byte order mark for Excel."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([guard_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def tidy_text(text: str) -> str:
    """Return a pasted table's text without byte order marks, code fences and NUL characters."""
    return _FENCE.sub("", text.removeprefix("\ufeff").replace("\x00", ""))


def find_separator(text: str) -> tuple[str, str | None]:
    """Return a table's text without a `sep=` line, and the column separator of its first line or
    None."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    told = re.fullmatch(r"sep=(.)\s*", first)
    if told:
        return text.replace(first, "", 1), told[1]
    counts = {sign: re.sub(r'"[^"]*"', "", first).count(sign) for sign in _SEPARATORS}
    sign = max(counts, key=lambda s: counts[s])
    return text, sign if counts[sign] else None


def read_rows(text: str, separator: str) -> tuple[list[tuple[int, list[str]]], int | None]:
    """Return the rows of a CSV text that are not empty, each as its line number and its cells; and
    None.

    `separator` stands between the cells. After a syntax error return no rows, and the line number
    at which the broken row begins.
    """
    found: list[tuple[int, list[str]]] = []
    begins = 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for row in reader:
            bared = [unguard_cell(cell.strip()).strip() for cell in row]
            if any(bared):
                found.append((begins, bared))
            begins = reader.line_num + 1
    except csv.Error:
        return [], begins
    return found, None
