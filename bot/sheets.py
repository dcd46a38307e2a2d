"""Tables as Excel and LibreOffice write and read them. Pure.

The format is RFC 4180 with `;`, which Excel expects in Spanish and Portuguese. A cell that a
spreadsheet would run is defused on its way out, and taken as it was meant on its way in.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

_FORMULA = frozenset("=+-@\t\r\n＝＋－＠'")
"""A cell that begins so is run by a spreadsheet (OWASP, CSV injection), or was guarded by us."""
_SEPARATORS = (";", "\t", ",")
_FENCE = re.compile(r"^```\w*[ \t]*$", re.MULTILINE)
"""Around what is pasted as code, so that a client leaves it as it is."""


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


def saved(rows: Iterable[Sequence[str]]) -> bytes:
    """A table as a file, safe to open; with a mark so that Excel reads its letters rightly."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def tidied(text: str) -> str:
    """Without marks of the encoding, of code that was pasted, or that hide what follows."""
    return _FENCE.sub("", text.removeprefix("\ufeff").replace("\x00", ""))


def separated(text: str) -> tuple[str, str | None]:
    """The text, and the sign between its cells as its first line has it; None: there is none."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    told = re.fullmatch(r"sep=(.)\s*", first)
    if told:
        return text.replace(first, "", 1), told[1]
    counts = {sign: re.sub(r'"[^"]*"', "", first).count(sign) for sign in _SEPARATORS}
    sign = max(counts, key=lambda s: counts[s])
    return text, sign if counts[sign] else None


def cells(text: str, sign: str) -> tuple[list[tuple[int, list[str]]], int | None]:
    """Rows that are not empty with the lines where they begin; and where reading had to stop."""
    found: list[tuple[int, list[str]]] = []
    begins = 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    try:
        for row in reader:
            bared = [bare(cell.strip()).strip() for cell in row]
            if any(bared):
                found.append((begins, bared))
            begins = reader.line_num + 1
    except csv.Error:
        return [], begins
    return found, None
