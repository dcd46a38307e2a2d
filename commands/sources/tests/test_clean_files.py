"""Files that become public hold what is seen and nothing else, or are refused with a sentence."""

from __future__ import annotations

import io
import zipfile

import pypdf
import pytest
from fpdf import FPDF
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

from bot.api import UserError
from commands.sources.public.clean_file import clean_file
from commands.sources.public.clean_pdf import strip_jpeg

CAMERA = "Cámara de Bea"


def photograph(kind: str) -> bytes:
    """A picture with a camera, a place, a thumbnail and a comment, lying on its side."""
    exif = Image.Exif()
    exif[Base.Make] = CAMERA
    exif[Base.Orientation] = 6
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (4.0, 36.0, 35.0)
    out = io.BytesIO()
    picture = Image.new("RGB", (30, 20), "red")
    picture.save(out, kind, exif=exif, comment=CAMERA, xmp=f"<x>{CAMERA}</x>".encode())
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_keeps_its_pixels_and_nothing_else(kind: str) -> None:
    data = photograph(kind)
    assert b"mara de Bea" in data
    found = clean_file(data, name="foto.jpg")
    assert b"mara de Bea" not in found.data
    with Image.open(io.BytesIO(found.data)) as again:
        assert again.format == kind
        assert again.size == (20, 30), "it stands the right way up"
        assert not again.getexif() and "xmp" not in again.info
        assert max(again.convert("RGB").getpixel((3, 3))[1:]) < 5, "it is red"  # type: ignore[index]


def test_what_can_be_seen_through_stays_so() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (9, 9), (0, 255, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(clean_file(out.getvalue(), name="a.png").data)) as again:
        assert again.mode == "RGBA" and again.getpixel((1, 1)) == (0, 255, 0, 0)


def pdf(text: str = "Protocolo para marchas", *, photo: bool = False) -> bytes:
    pages = FPDF()
    pages.set_author("Bea Luna")
    pages.set_creator("Computadora de Bea Luna")
    pages.set_title("Borrador de Bea Luna")
    pages.add_page()
    pages.set_font("Helvetica", size=12)
    pages.write(text=text, link="https://matrix.to/#/@bea:test")
    pages.text_annotation(10, 50, "Bea Luna: falta revisar", title="Bea Luna")
    if photo:
        pages.image(io.BytesIO(photograph("JPEG")), x=10, y=80)
    return bytes(pages.output())


def test_a_pdf_keeps_its_pages_and_nothing_of_who_made_it() -> None:
    whole = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(photo=True)))
    whole.add_attachment("lista.csv", b"Bea Luna")
    runs = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert('Bea Luna')")}
    whole.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {NameObject(name): value for name, value in runs.items()}
    )
    whole.add_metadata({"/Company": "Bea Luna"})
    about = StreamObject()
    about.set_data(b"<x:xmpmeta>Bea Luna</x:xmpmeta>")
    for picture in whole.pages[0]["/Resources"]["/XObject"].values():  # type: ignore[index]
        picture.get_object()[NameObject("/Metadata")] = about
    out = io.BytesIO()
    whole.write(out)
    found = clean_file(out.getvalue(), name="protocolo.pdf")
    reader = pypdf.PdfReader(io.BytesIO(found.data))
    assert "Protocolo para marchas" in reader.pages[0].extract_text()
    assert not reader.metadata and not reader.attachments and reader.xmp_metadata is None
    for word in (b"Luna", b"matrix.to", b"JavaScript", b"lista", b"Annot", b"mara de Bea"):
        assert word not in found.data + everything_in(found.data), word
    assert found.about.values["count"] == 1


def everything_in(data: bytes) -> bytes:
    """The streams of a PDF, unpacked; of a photograph its bytes."""
    reader = pypdf.PdfReader(io.BytesIO(data))
    size = int(str(reader.trailer["/Size"]))
    every = [reader.get_object(number) for number in range(1, size)]
    streams = [one for one in every if isinstance(one, StreamObject)]
    assert streams
    return b"".join(
        one._data if one.get("/Filter") == "/DCTDecode" else one.get_data() for one in streams
    )


def test_the_same_file_is_made_the_same_each_time() -> None:
    for data, name in ((pdf(photo=True), "a.pdf"), (photograph("PNG"), "a.png")):
        assert clean_file(data, name=name).data == clean_file(data, name=name).data


def test_a_picture_in_a_pdf_that_cannot_be_cleaned_keeps_it_in_the_room() -> None:
    whole = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(photo=True)))
    for picture in whole.pages[0]["/Resources"]["/XObject"].values():  # type: ignore[index]
        picture.get_object()[NameObject("/Filter")] = NameObject("/JPXDecode")
    out = io.BytesIO()
    whole.write(out)
    with pytest.raises(UserError, match="can't clean"):
        clean_file(out.getvalue(), name="a.pdf")


@pytest.mark.parametrize("filters", ["/DCT", ["/DCTDecode"], "elsewhere", ["elsewhere"]])
def test_a_photograph_is_found_however_its_filter_is_written(filters: str | list[str]) -> None:
    whole = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(photo=True)))
    elsewhere = whole._add_object(NameObject("/DCTDecode"))

    def named(one: str) -> PdfObject:
        return elsewhere if one == "elsewhere" else NameObject(one)

    said = named(filters) if isinstance(filters, str) else ArrayObject(map(named, filters))
    for picture in whole.pages[0]["/Resources"]["/XObject"].values():  # type: ignore[index]
        picture.get_object()[NameObject("/Filter")] = said
    out = io.BytesIO()
    whole.write(out)
    try:
        assert b"mara de Bea" not in clean_file(out.getvalue(), name="a.pdf").data
    except UserError as refused:
        assert filters == "/DCT" and "can't clean" in str(refused)


def test_a_pdf_says_whose_address_stands_on_it() -> None:
    assert clean_file(pdf("Pregunta a @carla:test hoy"), name="a.pdf").people == ("@carla:test",)


def test_a_locked_or_broken_pdf_is_refused() -> None:
    locked = pypdf.PdfWriter(clone_from=io.BytesIO(pdf()))
    locked.encrypt("luna")
    out = io.BytesIO()
    locked.write(out)
    with pytest.raises(UserError, match="password"):
        clean_file(out.getvalue(), name="a.pdf")
    for broken in (b"%PDF-1.7\n", pdf()[:400], b"%PDF-1.4\n<html><script>alert(1)</script>"):
        with pytest.raises(UserError, match="broken"):
            clean_file(broken, name="a.pdf")


def test_a_photograph_inside_of_a_pdf_is_stripped_to_its_picture() -> None:
    data = photograph("JPEG")
    bare = strip_jpeg(data)
    assert b"mara de Bea" not in bare and b"Exif" not in bare
    with Image.open(io.BytesIO(bare)) as again:
        assert again.size == (30, 20) and again.load() is not None


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_stripped_photograph_looks_the_same(mode: str, progressive: bool) -> None:
    out = io.BytesIO()
    Image.effect_mandelbrot((90, 70), (-2, -1, 1, 1), 9).convert(mode).save(
        out, "JPEG", progressive=progressive, restart_marker_blocks=2
    )
    with Image.open(out) as before, Image.open(io.BytesIO(strip_jpeg(out.getvalue()))) as after:
        assert after.mode == mode and after.tobytes() == before.tobytes()


BARE = strip_jpeg(photograph("JPEG"))


def segment(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(data) + 2).to_bytes(2) + data


@pytest.mark.parametrize(
    "data",
    [
        photograph("JPEG") + photograph("JPEG"),
        BARE + CAMERA.encode(),
        b"\xff\xd8\xff\xff" + photograph("JPEG")[3:],
        BARE[:2] + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\1\1" + CAMERA.encode()) + BARE[2:],
        BARE[:2] + segment(0xEE, b"Adobe\0\x64\0\0\0\0\1" + CAMERA.encode()) + BARE[2:],
        BARE[:2] + segment(0xEE, CAMERA.encode()) + BARE[2:],
    ],
    ids=["two", "behind", "fill", "thumbnail", "adobe", "app14"],
)
def test_nothing_stays_behind_or_between_what_a_decoder_needs(data: bytes) -> None:
    with Image.open(io.BytesIO(data)) as sound:
        sound.load()
    out = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(photo=True)))
    for picture in out.pages[0]["/Resources"]["/XObject"].values():  # type: ignore[index]
        picture.get_object()._data = data
    written = io.BytesIO()
    out.write(written)
    found = everything_in(clean_file(written.getvalue(), name="a.pdf").data)
    assert b"mara de Bea" not in found and b"Exif" not in found
    assert BARE[-20:] in found


@pytest.mark.parametrize(
    "data",
    [
        b"no picture",
        b"\n" + BARE,
        BARE[:-2],
        BARE[:40],
        BARE[:2] + b"\0" + BARE[2:],
        BARE[:2] + b"\xff\xe1\0\0" + BARE[2:],
        BARE[:2] + segment(0xF0, CAMERA.encode()) + BARE[2:],
    ],
)
def test_a_photograph_that_cannot_be_followed_to_its_end_is_refused(data: bytes) -> None:
    with pytest.raises(UserError, match="can't clean"):
        strip_jpeg(data)


@given(st.binary(max_size=60))
def test_stripping_ends_whatever_is_there(data: bytes) -> None:
    try:
        assert len(strip_jpeg(b"\xff\xd8" + data)) <= len(data) + 2
    except UserError:
        return


# --- text ----------------------------------------------------------------------------------------

HTML = "<!doctype html><script>alert(1)</script>"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("tabla.csv", HTML.encode()),
        ("nota.txt", b'\xef\xbb\xbf \n <svg xmlns="x" onload="alert(1)">'),
        ("nota.md", b"<html>"),
        ("nota.md", b" " * 101 + b"<html>"),
        ("nota.md", "\u200b<\u2060html>".encode()),
        ("datos.json", rb'{"a": "\ud800"}'),
        ("mapa.json", HTML.encode()),
        ("mapa.geojson", b"{'no': json}"),
        ("datos.json", b'{"a": NaN}'),
        ("datos.json", b"[" * 50_000),
        ("datos.xml", b"<?xml version='1.0'?><a/>"),
        ("agenda.vcf", b"BEGIN:VCARD\nFN:Bea Luna\nEND:VCARD\n"),
        ("foto.jpg", b"\xff\xd8\xff but no picture"),
        ("foto.png", b"\x89PNG\r\n\x1a\n"),
        ("tabla.csv", b"a,b\n1,2,3\n"),
        ("tabla.csv", b"a,a\n1,2\n"),
        ("tabla.csv", b'a,b\n"1,2\n'),
        ("tabla.csv", b"\n\n"),
        ("clip.mp4", b"\x00\x00\x00\x18ftypmp42"),
        ("run.txt", b"#!/bin/sh\nrm -rf /\n"),
        ("nada.txt", b"\x00\x01\x02"),
    ],
)
def test_what_is_not_what_it_says_is_refused_with_a_sentence(name: str, data: bytes) -> None:
    with pytest.raises(UserError) as told:
        clean_file(data, name=name)
    assert all(len(line.msgid) <= 120 for line in told.value.lines)


@pytest.mark.parametrize("inside", ["word/document.xml", "xl/workbook.xml", "a.html", "a.csv"])
def test_office_and_zip_files_are_refused(inside: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr(inside, "Bea Luna")
    with pytest.raises(UserError, match="who wrote them"):
        clean_file(out.getvalue(), name="tabla.csv")


def test_a_table_is_written_anew_and_runs_nowhere() -> None:
    found = clean_file(b'a,b\n=HYPERLINK("x"),-5\n@x:home,2\n\xe2\x80\xaeabc,3\n', name="t.csv")
    assert found.data.decode().split("\r\n") == [
        "a,b",
        '"\'=HYPERLINK(""x"")",-5',
        "'@x:home,2",
        "abc,3",
        "",
    ]
    assert [(one.name, one.type) for one in found.columns] == [("a", "string"), ("b", "integer")]


@given(st.text(max_size=200), st.sampled_from(["a.csv", "a.txt", "a.md", "a.json", "a.tsv"]))
def test_whatever_is_in_a_text_it_is_clean_or_refused(text: str, name: str) -> None:
    try:
        found = clean_file(text.encode(), name=name)
    except UserError:
        return
    shown = found.data.decode()
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00\x1b")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "a,b\nx,@bea\u200b:casa.example\n"),
        ("a.csv", "@bea:casa.example,b\n1,2\n"),
        ("a.txt", "de @bea\u2060:casa.example"),
        ("a.md", "de https://matrix.to/#/%40bea:casa.exa\u00admple"),
        ("a.json", r'{"a": ["\u0040bea:casa.example"]}'),
        ("a.json", r'{"a": "@bea\u200b:casa.ex\u202eample"}'),
        ("a.json", '{"a": "@bea\u200b:casa.example"}'),
        ("a.json", r'{"a": "@bea:\u200bcasa.example", "a": "nadie"}'),
        ("a.json", r'{"\u0040bea:casa.example": "\\"}'),
    ],
)
def test_an_address_is_found_whatever_hides_it(name: str, text: str) -> None:
    found = clean_file(text.encode(), name=name)
    assert found.people == ("@bea:casa.example",)
    assert "bea:casa.example" in found.data.decode(), "what is handed out is what was looked at"


def test_numbers_and_words_of_json_stay_what_they_are() -> None:
    text = r'{"n": [1.10, 1e400, 12345678901234567890], "w": "a\n\"\\\u00e1\/", "v": null}'
    data = clean_file(text.encode(), name="a.json").data.decode()
    assert data == r'{"n": [1.10, 1e400, 12345678901234567890], "w": "a\n\"\\á/", "v": null}'


def test_types_of_columns_are_not_guessed_too_far() -> None:
    data = b'code,phone,price,yes,day,empty\n007,+57300,"1,5",true,2026-02-30,\n'
    types = [one.type for one in clean_file(data, name="t.csv").columns]
    assert types == ["string", "string", "string", "boolean", "string", "string"]
