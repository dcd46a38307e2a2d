"""In private, `in:` says in which rooms: then nobody is asked for which one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk
from bot.types import RoomId

KITCHEN, PRESS = RoomId("!kitchen:test"), RoomId("!press:test")
LINES = [
    "evento Feria en 30 horas en: Cocina, Sala",
    "evento Feira em 30 horas em: Cozinha velha, Sala",
    "event Fair in 30 hours in: Kitchen, Sala",
    "encuesta ¿Dónde? Aquí, Allá en: Sala; Cocina",
    "enquete Onde? Aqui, Lá em: todas as salas",
    "poll Where? Here, There in: all rooms",
    "propuesta Sede nueva en: toda la red",
    "cuestionario Feria en: Cocina, Sala\n1. ¿Vienes? sí, no",
    "avisar Mañana no hay agua en: Cocina, Sala",
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


async def test_one_that_they_moderate_is_home_before_one_that_they_are_only_in(talk: Talk) -> None:
    await talk.room(KITCHEN, "Cocina", ["ana", "bea"], {"ana": 50})
    await talk.room(PRESS, "Prensa", ["bea"], {"bea": 50})
    await talk.tells("bea", "encuesta ¿Dónde? Aquí, Allá en: Cocina, Prensa")
    (said,) = await talk.said()
    assert "Sin 1 sala que no moderas: Cocina" in said.plain
    await talk.tells("bea", "encuesta ¿Dónde? Aquí, Allá en: Cocima")
    (said,) = await talk.said()
    assert "¿Es “Cocina”?" in said.plain
