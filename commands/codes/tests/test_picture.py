"""The code for meetings in person: a QR that a camera reads, and the same in words."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
import zxingcpp
from PIL import Image

from bot.testing.talk import Talk
from bot.types import UserId
from commands.codes import code_picture
from commands.codes.tests.test_codes import press, types

BOT = UserId("@minga:test")


def scanned(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image)]


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("L")


async def test_a_code_comes_as_a_qr_that_leads_to_the_bot(talk: Talk) -> None:
    await press(talk)
    await talk.tells("ana", "codigo prensa")
    text, drawn = await talk.said()
    code = text.plain.partition("`")[2][:9]
    info = drawn.content["info"]
    image = opened(talk.gateway.files[drawn.content["file"]["url"]])
    assert drawn.room == text.room
    assert (drawn.content["msgtype"], drawn.content["filename"]) == ("m.image", "codigo-1.png")
    assert image.size == (info["w"], info["h"])
    assert scanned(image) == ["matrix:u/minga:test?action=chat"]
    assert code in drawn.plain and BOT in drawn.plain


@pytest.mark.parametrize("line", ["codigo prensa con QR", "code prensa qr", "codigo prensa qr:sí"])
async def test_it_may_be_asked_for(talk: Talk, line: str) -> None:
    await press(talk)
    await talk.tells("ana", line)
    assert len(await talk.said()) == 2


async def test_no_picture_for_who_wants_none(talk: Talk) -> None:
    await press(talk)
    assert "¿Quieres también la imagen?" in await types(talk, "ana", "codigo prensa qr:quizá")
    await talk.tells("ana", "codigo prensa qr:no usos:3")
    (said,) = await talk.said()
    assert "Personas que lo pueden usar: 3" in said.plain


async def test_typed_in_a_room_the_picture_goes_in_private_too(talk: Talk) -> None:
    await press(talk)
    private = await talk.private("ana")
    await talk.says("ana", "!codigo prensa")
    assert {post.room for post in await talk.said()} == {private}


async def printed(talk: Talk, line: str) -> list[str]:
    await talk.tells("ana", line)
    _text, sheet = await talk.said()
    assert talk.gateway.files[sheet.content["file"]["url"]].startswith(b"%PDF-")
    return re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}", sheet.plain)


async def test_each_card_of_a_sheet_lets_one_person_in(talk: Talk) -> None:
    await press(talk)
    codes = await printed(talk, "codigo prensa hoja:3")
    assert len(set(codes)) == 3
    assert "prensa" in await types(talk, "@dora:lejos.org", codes[0])
    assert "no abre nada" in await types(talk, "@eva:lejos.org", codes[0])
    assert "prensa" in await types(talk, "@dora:lejos.org", codes[0])  # again: takes none
    assert "prensa" in await types(talk, "@dora:lejos.org", codes[1])  # nor does another card
    assert "prensa" in await types(talk, "@eva:lejos.org", codes[1])
    assert "“prensa”: usos que quedan: 1" in await types(talk, "ana", "codigo")
    await types(talk, "ana", "cancelar 1")
    assert "no abre nada" in await types(talk, "@luz:lejos.org", codes[2])


async def test_a_sheet_lapses_and_is_kept_as_marks_alone(talk: Talk) -> None:
    await press(talk)
    codes = await printed(talk, "código prensa folha:2 vence:1d")
    async with talk.machine.db.reading() as tx:
        for table in ("codes_card", "codes_code", "item", "log", "letter"):
            rows = repr([tuple(row) for row in await tx.all(f"SELECT * FROM {table}")])  # noqa: S608
            assert not [code for code in codes if code in rows], table
    await talk.wait(timedelta(days=1, seconds=1))
    assert "no abre nada" in await types(talk, "@luz:lejos.org", codes[1])


async def test_a_sheet_has_a_number_of_cards(talk: Talk) -> None:
    await press(talk)
    for line in ("codigo prensa hoja:61", "codigo prensa hoja:0", "codigo prensa hoja:muchas"):
        assert "¿Cuántas tarjetas" in await types(talk, "ana", line), line


def test_every_card_of_a_page_is_read() -> None:
    codes = [f"AB{n:02}-CD34" for n in range(13)]
    first, second = code_picture.draw_pages([code.replace("0", "Z") for code in codes], BOT)
    assert scanned(first.convert("1").convert("L")) == [code_picture.chat_uri(BOT)] * 12
    assert first.tobytes() != second.tobytes()
    blank = code_picture.draw_pages([""], BOT)[0]
    width, height = first.width // 3, first.height // 4
    for n in range(24):  # a code stands on each card, and on no card beyond them
        page, place = divmod(n, 12)
        left, top = place % 3 * width, place // 3 * height
        box = (left, top, left + width, top + height)
        same = (first, second)[page].crop(box).tobytes() == blank.crop(box).tobytes()
        assert same == (n >= len(codes)), n
    assert code_picture.draw_sheet(codes, BOT).data.count(b"/Type /Page\n") == 2


@pytest.mark.parametrize(
    ("bot", "uri"),
    [
        ("@minga:example.org", "matrix:u/minga:example.org?action=chat"),
        (
            "@red/ñ?#%:example.org:8448",
            "matrix:u/red%2F%C3%B1%3F%23%25:example.org:8448?action=chat",
        ),
        ("@a:[::1]:80", "matrix:u/a:[::1]:80?action=chat"),
    ],
)
def test_an_address_is_one_uri(bot: str, uri: str) -> None:
    assert code_picture.chat_uri(UserId(bot)) == uri


@pytest.mark.parametrize("length", [5, 60, 230])
def test_it_is_read_from_a_bad_print(length: int) -> None:
    """Small, stained, on grey paper; the longest address too."""
    bot = UserId(f"@{'m' * length}:example.org")
    image = opened(code_picture.draw_card("ABCD-E2F4", bot).data)
    corner = 12 * (4 + 9)
    for n in range(4):
        spot = corner + 12 * (3 * n + n // 2)
        image.paste(90, (spot, corner + 24 * n, spot + 14, corner + 24 * n + 14))
    small = image.resize((image.width // 4, image.height // 4)).point(lambda grey: 60 + grey // 2)
    assert scanned(small) == [code_picture.chat_uri(bot)]


def test_the_code_stands_below_and_a_quiet_zone_around() -> None:
    one, other = (
        opened(code_picture.draw_card(code, BOT).data) for code in ("ABCD-E2F4", "ZXYW-9876")
    )
    side, quiet = one.width, 12 * 4
    assert one.crop((0, 0, side, side)).tobytes() == other.crop((0, 0, side, side)).tobytes()
    assert one.tobytes() != other.tobytes()
    inner = one.crop((0, 0, side, side)).point(lambda grey: 255 - grey).getbbox()
    assert inner is not None
    assert inner[0] >= quiet and inner[1] >= quiet and inner[2] <= side - quiet
    assert one.height > side
