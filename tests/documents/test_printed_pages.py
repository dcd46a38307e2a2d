"""Pages to print: letters and not pictures, the same bytes, whatever is typed."""

from __future__ import annotations

import io
import threading
from typing import cast

import pypdf
import pytest

from bot.capability.prefetch import FetchedData, FetchNeeded, FetchSource, fetch
from bot.documents.pdf_writer import MOST_LETTERS, printable_text
from bot.documents.pdf_writer import write_pdf as make_pdf
from bot.documents.printed_pages import (
    Block,
    Boxes,
    PageBreak,
    PrintedPages,
    PrintedText,
    Table,
)

HOSTILE = [
    "x" * 10_000,
    "palabra " * 1_250,
    "\u202egro.live\u202c a favor",
    "a\u200bb\u2066c\u2069",
    "שלום عرب",
    "\x00\x07\r\n\t(\\)<</S>>endobj",
    "😀🗳️ 中文",
    "",
    " ",
]


def pages(*texts: str, title: str = "¿Dónde? Coração, pingüino, ñandú") -> PrintedPages:
    blocks: tuple[Block, ...] = (
        *(PrintedText(text) for text in texts),
        Boxes(texts),
        PageBreak(),
        Table(("Nombre", "Firma"), tuple((text, "") for text in texts), (1, 2), empty=40),
        PrintedText("nota", small=True),
    )
    return PrintedPages(title, "es", "Red de prueba", blocks)


def read(data: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(data), strict=True)


def test_it_is_text_on_a4_with_its_title_and_language() -> None:
    found = read(make_pdf(pages("Norte")))
    text = " ".join(found.pages[0].extract_text().split())
    assert text.startswith("¿Dónde? Coração, pingüino, ñandú Norte")
    assert all(not page.images for page in found.pages)
    assert [round(float(n)) for n in found.pages[0].mediabox[2:]] == [595, 842]
    assert found.metadata is not None and found.metadata.title is not None
    assert found.metadata.title.startswith("¿Dónde?")
    assert str(found.root_object["/Lang"]) == "es"
    assert found.outline


def test_the_same_content_makes_the_same_bytes_that_tell_no_time() -> None:
    first = make_pdf(pages("Norte", "Sur"))
    assert first == make_pdf(pages("Norte", "Sur"))
    assert first != make_pdf(pages("Norte", "Sul"))
    found = read(first)
    assert found.metadata is not None and found.metadata.creation_date is not None
    assert found.metadata.creation_date.year == 2000


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_typed_makes_pages_that_can_be_read(text: str) -> None:
    found = read(make_pdf(pages(text, title=text)))
    assert 2 <= len(found.pages) < 12
    shown = "".join(page.extract_text() for page in found.pages)
    assert not set(shown) & set("\u202e\u202c\u2066\u2069\u200b\x00\x07")


def test_what_turns_or_hides_letters_is_left_out_and_length_is_bounded() -> None:
    assert printable_text("\u202egro.live\u202c a favor") == "gro.live a favor"
    assert printable_text("a\u200bb") == "ab"
    assert len(printable_text("x" * 10_000)) == MOST_LETTERS + 1
    assert printable_text("una\n\tlínea") == "una línea"


async def test_it_is_made_in_a_thread_and_once_for_the_same_content() -> None:
    made_in: list[int] = []

    def make() -> bytes:
        made_in.append(threading.get_ident())
        return b"%PDF"

    found = FetchedData()
    with pytest.raises(FetchNeeded) as needed:
        found.made("name", make)
    assert made_in == []
    nothing = cast("FetchSource", None)  # it asks no homeserver
    found.store(needed.value.wanted, await fetch(nothing, needed.value.wanted))
    assert found.made("name", make) == b"%PDF"
    assert len(made_in) == 1 and made_in[0] != threading.get_ident()
    with pytest.raises(FetchNeeded):
        found.made("other", make)
