"""One poll in many rooms: asked once, seen natively in each, counted once."""

from __future__ import annotations

from datetime import timedelta

from bot.testing.talk import ROOM, PostedEvent, Talk, find_number
from bot.types import RoomId

KITCHEN, GARDEN = RoomId("!kitchen:test"), RoomId("!garden:test")
ASKED = "!encuesta ¿Qué día? martes, jueves en: Cocina, Huerta"


async def three_rooms(talk: Talk) -> None:
    """Ana moderates all three; Bea is in two of them, Dora and Elsa are in one."""
    await talk.room(KITCHEN, "Cocina", ["ana", "bea", "dora"], {"ana": 50})
    await talk.room(GARDEN, "Huerta", ["ana", "elsa"], {"ana": 50})


async def asked(talk: Talk, line: str = ASKED) -> tuple[int, dict[str, PostedEvent]]:
    """Ask and agree; return the number and the native poll of each room."""
    await talk.says("ana", line)
    await talk.sent()
    await talk.says("ana", "sí")
    await talk.wait(timedelta(0))
    posts = await talk.sent()
    number = find_number(next(p for p in posts if p.kind == "m.room.message"))
    return number, {p.room: p for p in posts if p.is_poll}


async def test_one_poll_is_native_in_each_room_and_counted_once(talk: Talk) -> None:
    await three_rooms(talk)
    number, polls = await asked(talk)
    assert set(polls) == {ROOM, KITCHEN, GARDEN}
    await talk.taps("carla", polls[ROOM], 1)
    await talk.taps("dora", polls[KITCHEN], 2)
    await talk.taps("elsa", polls[GARDEN], 2)
    assert "martes: 1" in await talk.answer("carla", f"!resultados {number}")
    assert "jueves: 2" in await talk.answer("elsa", f"!resultados {number}", room=GARDEN)
