"""What a file is, by its bytes; what its name may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.api import UserError
from commands.library.content import file_kinds

ENTRY = b"PK\x03\x04" + b"\x00" * 26
KINDS = {
    b"%PDF-1.7\n": "pdf",
    b"\xef\xbb\xbf \n%PDF-1.4": "pdf",
    b"\x89PNG\r\n\x1a\n\x00\x00": "png",
    b"\xff\xd8\xff\xe0\x00": "jpg",
    b"GIF89a\x01": "gif",
    b"RIFF\x00\x00\x00\x00WEBPVP8 ": "webp",
    b"RIFF\x00\x00\x00\x00WAVEfmt ": "wav",
    b"\x00\x00\x00\x18ftypmp42": "mp4",
    b"\x00\x00\x00\x18ftypheic": "heic",
    b"\x00\x00\x00\x18ftypM4A ": "m4a",
    b"OggS\x00": "ogg",
    b"ID3\x04\x00": "mp3",
    b"{\\rtf1 hola}": "rtf",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00": "doc",
    ENTRY + b"[Content_Types].xml" + b"\x00word/document.xml": "docx",
    ENTRY + b"[Content_Types].xml" + b"\x00xl/workbook.xml": "xlsx",
    ENTRY + b"mimetypeapplication/vnd.oasis.opendocument.text" + b"PK": "odt",
    ENTRY + b"mimetypeapplication/epub+zip": "epub",
    ENTRY + b"fotos/1.jpg": "zip",
    "Acta de la reunión\n".encode(): "txt",
    "Reunión".encode("cp1252"): "txt",
    b"nombre,telefono\nAna,1\n": "txt",
}
PROGRAMS = [
    b"MZ\x90\x00",
    b"\x7fELF\x02",
    b"\xcf\xfa\xed\xfe",
    b"#!/bin/sh\nrm",
    ENTRY + b"META-INF/MANIFEST.MF",
    ENTRY + b"AndroidManifest.xml",
    b"\x00\x01\x02 nothing that is known",
]
NAMES = {
    ("acta.pdf", "pdf"): "acta.pdf",
    ("Acta final (2).PDF", "pdf"): "Acta final (2).pdf",
    ("factura.pdf.exe", "pdf"): "factura.pdf.exe.pdf",
    ("../../etc/passwd", "txt"): "passwd.txt",
    ("C:\\Users\\ana\\foto.png", "png"): "foto.png",
    ("foto\x00.exe", "jpg"): "foto.exe.jpg",
    ("foto.jpeg", "jpg"): "foto.jpeg",
    ("datos.csv", "txt"): "datos.csv",
    ("página.html", "txt"): "página.html.txt",
    ("\u202egnp.exe", "png"): "gnp.exe.png",
    ("", "pdf"): "file.pdf",
    ("..", "pdf"): "file.pdf",
    (".pdf", "pdf"): "file.pdf",
    ("a" * 10_000 + ".pdf", "pdf"): "a" * file_kinds.LONGEST_NAME + ".pdf",
}


def test_a_kind_is_told_by_how_the_bytes_begin() -> None:
    for data, ending in KINDS.items():
        kind = file_kinds.kind_of(data)
        assert kind is not None, data
        assert kind.ending == ending, data


def test_programs_and_what_is_unknown_are_not_kept() -> None:
    for data in PROGRAMS:
        assert file_kinds.kind_of(data) is None, data
        with pytest.raises(UserError):
            file_kinds.check_file(data, key=b"k")
    with pytest.raises(UserError):
        file_kinds.check_file(b"", key=b"k")


def test_a_name_is_only_a_name_and_ends_as_the_file_is() -> None:
    of = {kind.ending: kind for data in KINDS if (kind := file_kinds.kind_of(data))}
    for (given_name, ending), shown in NAMES.items():
        assert file_kinds.safe_file_name(given_name, of[ending]) == shown, given_name


def test_a_mark_says_nothing_without_its_key() -> None:
    data = b"%PDF-1.7 the same"
    one, again = file_kinds.check_file(data, key=b"one"), file_kinds.check_file(data, key=b"one")
    assert one == again
    assert one.mark != file_kinds.check_file(data, key=b"two").mark


@given(st.binary(max_size=200), st.text(max_size=300))
def test_whatever_comes_it_is_looked_at_without_harm(data: bytes, name: str) -> None:
    kind = file_kinds.kind_of(data) or file_kinds.PDF
    shown = file_kinds.safe_file_name(name, kind)
    assert not set(shown) & set("/\\:\x00\n\u202e")
    assert not shown.startswith((".", " "))
    assert shown.rpartition(".")[0]
