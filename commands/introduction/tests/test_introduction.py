"""The first message in a room, and the poster for its wall."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from bot.run.app import features
from bot.testing.talk import ROOM, Talk
from bot.types import RoomId

DESK = RoomId("!mesa:test")


@pytest.mark.parametrize(
    ("language", "line", "first", "danger"),
    [
        ("es", "!presentarte", "Desde hoy vivo en esta sala", "`pánico`"),
        ("pt", "!apresente-se", "A partir de hoje vivo nesta sala", "`pânico`"),
        ("en", "!introduce-yourself", "From today I live in this room", "`panic`"),
    ],
)
async def test_on_its_first_day_the_bot_says_what_it_is(
    tmp_path: Path, language: str, line: str, first: str, danger: str
) -> None:
    talk = await Talk.start(tmp_path / "minga.db", features(), language=language)
    await talk.says("ana", line)
    (said,) = await talk.hears(first)
    assert said.room == ROOM
    assert said.content["msgtype"] == "m.text"
    for words in ("Red de prueba", "Ana", danger):
        assert words in said.plain
    await talk.close()


async def test_who_does_not_moderate_the_room_is_told_so(talk: Talk) -> None:
    assert "No puedes hacer eso aquí" in await talk.answer("bea", "!presentarte")
    assert "No puedes hacer eso aquí" in await talk.answer("bea", "!presentarte cartel")


async def test_from_private_it_is_said_in_the_room_that_is_chosen(talk: Talk) -> None:
    await talk.room(DESK, "Mesa", ["ana", "carla"], {"ana": 50})
    await talk.tells("ana", "presentarte")
    (asked,) = await talk.hears("Mesa")
    number = next(line[0] for line in asked.plain.splitlines() if line.endswith("Mesa"))
    await talk.tells("ana", number)
    (said,) = await talk.hears("Desde hoy vivo en esta sala")
    assert said.room == DESK


async def test_the_poster_opens_a_chat_with_the_bot(talk: Talk) -> None:
    await talk.says("ana", "!presentarte cartel")
    (said,) = await talk.hears("@minga:test")
    info = said.content["info"]
    image = Image.open(io.BytesIO(talk.gateway.files[said.content["file"]["url"]])).convert("L")
    assert said.room != ROOM
    assert said.content["filename"] == "cartel.png"
    assert image.size == (info["w"], info["h"]) == (1240, 1754)
    assert [one.text for one in zxingcpp.read_barcodes(image)] == [
        "matrix:u/minga:test?action=chat"
    ]


async def test_a_long_name_of_a_network_fits_on_the_poster(tmp_path: Path) -> None:
    name = "Coordinadora de asambleas barriales y de cuidado comunitario del sur y del oriente"
    talk = await Talk.start(tmp_path / "minga.db", features(), network=name)
    await talk.says("ana", "!presentarte cartel")
    (said,) = await talk.said()
    image = Image.open(io.BytesIO(talk.gateway.files[said.content["file"]["url"]])).convert("L")
    for box in ((0, 0, 100, 1754), (1140, 0, 1240, 1754), (0, 1700, 1240, 1754)):
        assert image.crop(box).getextrema() == (255, 255)
    await talk.close()
