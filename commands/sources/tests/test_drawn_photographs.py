"""A photograph inside of a PDF's drawing code can't be cleaned there: such a PDF is refused."""

from __future__ import annotations

import io

import pypdf
import pytest
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
)

from bot.api import UserError
from commands.sources.public.clean_file import clean_file
from commands.sources.tests.test_clean_files import pdf, photograph

RAW = b"BI /W 1 /H 1 /BPC 8 /CS /G ID \x80 EI"


def jpeg(name: bytes = b"/DCT") -> bytes:
    drawn = b"q BI /W 30 /H 20 /BPC 8 /CS /RGB /F [%b] ID %b EI Q"
    return drawn % (name, photograph("JPEG"))


def stream(code: bytes, **named: str) -> DecodedStreamObject:
    made = DecodedStreamObject()
    made.set_data(code)
    for key, value in named.items():
        made[NameObject(f"/{key}")] = NameObject(f"/{value}")
    return made


def drawn_by(where: str, code: bytes) -> bytes:
    """Return a PDF whose page draws with this code: itself, or by what it leads to."""
    whole = pypdf.PdfWriter(clone_from=io.BytesIO(pdf()))
    page = whole.pages[0]
    resources = page["/Resources"]
    assert isinstance(resources, DictionaryObject)
    if where == "page":
        page[NameObject("/Contents")] = whole._add_object(stream(code))
    elif where == "pages in parts":
        half = code.index(b"/H")
        parts = [whole._add_object(stream(one)) for one in (code[:half], code[half:])]
        page[NameObject("/Contents")] = ArrayObject(parts)
    elif where == "form":
        form = stream(code, Type="XObject", Subtype="Form")
        form[NameObject("/BBox")] = ArrayObject(map(FloatObject, (0, 0, 9, 9)))
        held = DictionaryObject({NameObject("/X"): whole._add_object(form)})
        resources[NameObject("/XObject")] = held
    elif where == "pattern":
        pattern = stream(code, Type="Pattern")
        pattern[NameObject("/PatternType")] = NumberObject(1)
        held = DictionaryObject({NameObject("/P"): whole._add_object(pattern)})
        resources[NameObject("/Pattern")] = held
    else:
        glyphs = DictionaryObject({NameObject("/a"): whole._add_object(stream(code))})
        font = DictionaryObject({NameObject("/CharProcs"): glyphs})
        resources[NameObject("/Held")] = whole._add_object(font)
    out = io.BytesIO()
    whole.write(out)
    return out.getvalue()


@pytest.mark.parametrize("where", ["page", "pages in parts", "form", "pattern", "glyph"])
def test_a_pdf_with_a_photograph_in_its_drawing_code_is_refused(where: str) -> None:
    with pytest.raises(UserError, match="pictures that I can't clean"):
        clean_file(drawn_by(where, jpeg()), name="a.pdf")
    assert clean_file(drawn_by(where, RAW), name="a.pdf").data.startswith(b"%PDF")


@pytest.mark.parametrize("name", [b"/DCTDecode", b"/#44C#54", b"/AHx /DCT", b"\n/Fl\n/DCT"])
def test_however_its_name_is_written(name: bytes) -> None:
    with pytest.raises(UserError, match="pictures that I can't clean"):
        clean_file(drawn_by("page", jpeg(name)), name="a.pdf")
