"""Write a PDF anew from its pages alone: no author, no program, no earlier state, no attachment."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NullObject, StreamObject

from bot.api import Line, UserError, UserId, _, find_addresses, n_, strip_hidden

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
_JPEG, _PICTURES = "/DCTDecode", frozenset(("/DCTDecode", "/DCT", "/JPXDecode"))
_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"
_SOS, _APP0, _APP14, _COMMENT = 0xDA, 0xE0, 0xEE, 0xFE
_PARTS = frozenset((*range(0xC0, 0xC8), *range(0xC9, 0xD0), *range(_SOS, _SOS + 4)))
"""Frames, scans and tables: what a decoder needs."""
_MARKER = re.compile(rb"\xff+([\x01-\xfe])")
"""A marker, with bytes before it that fill (ITU-T T.81, B.1.1.2)."""
_INLINE = re.compile(rb"\bBI\b([^\xff]{1,500}?)\bID\b")
"""What is said of a picture that stands in drawing code (ISO 32000-1, 8.9.7)."""
_NUMBERED = re.compile(rb"#([0-9A-Fa-f]{2})")
"""A letter of a name, written as its number (7.3.5)."""
_AFTER_SCAN = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
"""The marker that ends a scan: no byte of the picture, and none that restarts its decoder."""


@dataclass(frozen=True, slots=True)
class CleanPdf:
    """The bytes of a PDF that holds its pages alone, and whose addresses stand on them."""

    data: bytes
    about: Line
    people: tuple[UserId, ...]


def clean_pdf(data: bytes) -> CleanPdf:
    """Return the PDF written anew, without forms, notes, links and hidden data.

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
    return CleanPdf(out.getvalue(), about, find_addresses(strip_hidden(said)))


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
    """Yield every JPEG that a page leads to, each once.

    Raises `UserError` for those that stand in drawing code: they too can say where and when.
    """
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
            if any(map(_names_jpeg, _INLINE.findall(_drawing_code(one)))):
                raise _no_clean_picture()
            if isinstance(one, StreamObject) and _is_photograph(one):
                yield one
            waiting += [one.raw_get(key) for key in one]
        elif isinstance(one, ArrayObject):
            waiting += list(one)


def _drawing_code(found: DictionaryObject) -> bytes:
    """Return the code of a page, form, pattern or font of drawings; nothing for other objects."""
    is_code = found.get("/Subtype") == "/Form" or "/PatternType" in found
    parts: list[object] = [found] if is_code else []
    for key in ("/Contents", "/CharProcs"):
        under = found.get(key, NullObject()).get_object()
        if isinstance(under, ArrayObject):
            parts += under
        else:
            parts += under.values() if key == "/CharProcs" and isinstance(under, dict) else [under]
    reached = (one.get_object() if isinstance(one, IndirectObject) else one for one in parts)
    return b"\n".join(one.get_data() for one in reached if isinstance(one, StreamObject))


def _names_jpeg(described: bytes) -> bool:
    plain = _NUMBERED.sub(lambda found: bytes.fromhex(found[1].decode()), described)
    return b"/DCT" in plain


def _is_photograph(found: StreamObject) -> bool:
    """Return whether it is a JPEG. Raises `UserError` for one that can't be reached to clean it."""
    named = found.get("/Filter", NullObject()).get_object()
    filters = [one.get_object() for one in named] if isinstance(named, ArrayObject) else [named]
    if not _PICTURES.isdisjoint(map(str, filters)) and filters != [_JPEG]:
        raise _no_clean_picture()
    return filters == [_JPEG]


def _no_clean_picture() -> UserError:
    return UserError(_("That PDF holds pictures that I can't clean. Printed to PDF anew I can."))


def strip_jpeg(data: bytes) -> bytes:
    """Return the first picture of a JPEG file, with only the parts that a decoder needs.

    What stands behind it goes: a second picture, a film. Raises `UserError` for what can't be
    followed to the picture's end (ITU-T T.81, annex B).
    """
    if not data.startswith(_SOI):
        raise _no_clean_picture()
    kept, at = bytearray(_SOI), len(_SOI)
    while (found := _MARKER.match(data, at)) is not None:
        marker, at = found[1][0], found.end()
        if marker == _EOI[1]:
            return bytes(kept + _EOI)
        size = int.from_bytes(data[at : at + 2])
        segment, at = data[at + 2 : at + size], at + size
        if size < 2 or at > len(data):
            break
        if marker == _APP14 and segment.startswith(b"Adobe"):
            segment = segment[:12]  # how colours are kept, and not what follows it
        elif _APP0 <= marker < _APP0 + 16 or marker == _COMMENT:
            continue
        elif marker not in _PARTS:
            break
        kept += bytes((0xFF, marker)) + (len(segment) + 2).to_bytes(2) + segment
        if marker == _SOS:
            end = _AFTER_SCAN.search(data, at)
            if end is None:
                break
            kept += data[at : end.start()]
            at = end.start()
    raise _no_clean_picture()
