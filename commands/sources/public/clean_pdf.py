"""Write a PDF anew from its pages alone: no author, no program, no earlier state, no attachment."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from bot.api import Line, UserError, UserId, _, find_addresses, n_

MOST_PAGES = 200
_HIDDEN = (
    "/AA",
    "/AF",
    "/Annots",
    "/JS",
    "/LastModified",
    "/Metadata",
    "/PieceInfo",
    "/Thumb",
)
"""Entries of pages and pictures that nobody sees: who made them, when, with what; what runs."""
_PICTURES = frozenset(("/DCTDecode", "/JPXDecode"))
_JPEG, _BARE_MARKERS = "/DCTDecode", frozenset((0x01, *range(0xD0, 0xD8)))
_SOS, _APP0, _APP14, _COMMENT = 0xDA, 0xE0, 0xEE, 0xFE


@dataclass(frozen=True, slots=True)
class CleanPdf:
    """The bytes of a PDF that holds its pages alone, and whose addresses stand on them."""

    data: bytes
    about: Line
    people: tuple[UserId, ...]


def clean_pdf(data: bytes) -> CleanPdf:
    """Return the PDF written anew. Forms, notes and links go with what is hidden.

    Raises `UserError` for one that is broken, locked or too long.
    """
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise UserError(_("That PDF is locked with a password."))
        count = len(reader.pages)
        if count > MOST_PAGES:
            raise UserError(_("That PDF has more than {most} pages.", most=MOST_PAGES))
        writer = PdfWriter()
        for page in reader.pages:
            writer.add_page(page, excluded_keys=_HIDDEN)  # of all that it leads to, too
        for found in _photographs(writer):
            # Its own setter would encode it anew.
            found._data = strip_jpeg(found._data)
        writer.metadata = None
        said = "\n".join(page.extract_text() for page in writer.pages)
        out = io.BytesIO()
        writer.write(out)
    except _BROKEN as broken:
        raise UserError(_("I can't read that PDF: it is broken.")) from broken
    about = n_(
        "a PDF of {count} page, without its author, notes and links",
        "a PDF of {count} pages, without their author, notes and links",
        count,
    )
    return CleanPdf(out.getvalue(), about, find_addresses(said))


_BROKEN = (
    PyPdfError,
    OSError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    RecursionError,
)
"""What pypdf raises for a file that breaks the rules of its format."""


def _photographs(writer: PdfWriter) -> Iterator[StreamObject]:
    """Yield every JPEG that a page leads to, each once."""
    waiting: list[object] = list(writer.pages)
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, IndirectObject):
            one = one.get_object()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, DictionaryObject):
            if isinstance(one, StreamObject) and _is_photograph(one):
                yield one
            waiting += [one.raw_get(key) for key in one]
        elif isinstance(one, ArrayObject):
            waiting += list(one)


def _is_photograph(found: StreamObject) -> bool:
    """Return whether it is a JPEG. Raises `UserError` for one that can't be reached to clean it."""
    named = found.get("/Filter")
    filters = [*named] if isinstance(named, ArrayObject) else [named]
    if not _PICTURES.isdisjoint(map(str, filters)) and filters != [_JPEG]:
        raise UserError(_("That PDF holds pictures that I can't clean. Printed to PDF anew I can."))
    return filters == [_JPEG]


def strip_jpeg(data: bytes) -> bytes:
    """Return a JPEG without its application segments, but those that say how colours are kept.

    What does not begin as a JPEG is returned as it is (ITU-T T.81, annex B).
    """
    if data[:2] != b"\xff\xd8":
        return data
    kept, at = bytearray(data[:2]), 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != _SOS:
        marker = data[at + 1]
        end = at + 2 + (0 if marker in _BARE_MARKERS else int.from_bytes(data[at + 2 : at + 4]))
        is_hidden = marker == _COMMENT or (_APP0 < marker < _APP0 + 16 and marker != _APP14)
        if not is_hidden:
            kept += data[at:end]
        at = end
    return bytes(kept + data[at:])
