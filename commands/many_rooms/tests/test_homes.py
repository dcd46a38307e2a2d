"""In private, `in:` says in which rooms: then nobody is asked for which one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk
from bot.types import RoomId

KITCHEN, PRESS = RoomId("!kitchen:test"), RoomId("!press:test")
LINES = [
    "evento Feria en 30 horas en: Cocina, Sala",
    "evento Feira em 30 horas em: Cozinha velha e Sala",
    "event Fair in 30 hours in: Kitchen, Sala",
    "encuesta ¿Dónde? Aquí, Allá en: Sala; Cocina",
    "enquete Onde? Aqui, Lá em: todas as salas",
    "poll Where? Here, There in: all rooms",
    "propuesta Sede nueva en: toda la red",
    "cuestionario Feria en: Cocina, Sala\n1. ¿Vienes? sí, no",
    "avisar Mañana no hay agua en: Cocina y Sala",
]
NAMES = {"Cozinha": "Cozinha velha", "Kitchen": "Kitchen"}


@pytest.mark.parametrize("line", LINES)
async def test_rooms_that_are_named_are_not_asked_for(talk: Talk, line: str) -> None:
    kitchen = next((name for word, name in NAMES.items() if word in line), "Cocina")
    await talk.room(KITCHEN, kitchen, ["ana", "bea"], {"ana": 50})
    await talk.tells("ana", line)
    (shown,) = await talk.said()
    assert "2 salas" in shown.plain and "¿Sigo?" in shown.plain, shown.plain
    await talk.tells("ana", "sí")
    await talk.wait(timedelta(0))
    assert {ROOM, KITCHEN} <= {post.room for post in await talk.said()}


async def test_a_room_that_is_called_one_and_another_is_one(talk: Talk) -> None:
    await talk.room(KITCHEN, "Pan y Rosas", ["ana"], {"ana": 50})
    await talk.tells("ana", "avisar Hay feria en: Pan y Rosas y Sala")
    (refused,) = await talk.said()
    assert "con el nombre “Pan”" in refused.plain
    await talk.tells("ana", "avisar Hay feria en: Pan y Rosas, Sala")
    (shown,) = await talk.said()
    assert "Estará en 2 salas: " in shown.plain and "Pan y Rosas" in shown.plain


async def test_one_that_they_moderate_is_home_before_one_that_they_are_only_in(talk: Talk) -> None:
    await talk.room(KITCHEN, "Cocina", ["ana", "bea"], {"ana": 50})
    await talk.room(PRESS, "Prensa", ["bea"], {"bea": 50})
    await talk.tells("bea", "encuesta ¿Dónde? Aquí, Allá en: Cocina, Prensa")
    (said,) = await talk.said()
    assert "Sin 1 sala que no moderas: Cocina" in said.plain
    await talk.tells("bea", "encuesta ¿Dónde? Aquí, Allá en: Cocima")
    (said,) = await talk.said()
    assert "¿Es “Cocina”?" in said.plain


@pytest.mark.parametrize("place", ["Cocina", "Sala, Cocina", "Sala, Cocima"])
async def test_a_name_that_two_rooms_have_is_refused(talk: Talk, place: str) -> None:
    for room in (KITCHEN, PRESS):
        await talk.room(room, "Cocina", ["ana", "bea"], {"ana": 50})
    await talk.tells("ana", f"encuesta ¿Dónde? Aquí, Allá en: {place}")
    if place.endswith("Cocima"):
        (asked,) = await talk.said()
        assert "¿Es “Cocina”?" in asked.plain
        await talk.tells("ana", "sí")
    (said,) = await talk.said()
    assert "Cocina" in said.plain and said.room not in (KITCHEN, PRESS, ROOM), said.plain
