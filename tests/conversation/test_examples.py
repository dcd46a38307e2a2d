"""The number in an example is one that can be typed there, of the kind that the command takes."""

from __future__ import annotations

import pytest

from bot.testing.talk import ROOM, Talk
from bot.types import RoomId


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    people = ["ana", "bea", "carla", "dani"]
    await talk.room(ROOM, "Sala", people, {"ana": 50, "carla": 50}, bot_power=100)
    return talk


async def filled(talk: Talk) -> None:
    """An offer, a wish, a thing with its loan, an event and a poll: numbers 1 to 6."""
    for who, lines in {
        "carla": ("!ofrezco sillas #fiesta", "sí"),
        "ana": ("!gobierno renombrar 2 moderadores", "sí", "!renombrar Casa", "sí"),
        "bea": (
            "!presto mesa a @carla por 3 días",
            "!evento Taller en 33 horas",
            "!encuesta ¿A? B, C",
        ),
    }.items():
        for line in lines:
            await talk.says(who, line)
    await talk.said()


async def test_the_newest_of_its_kind_is_named_in_the_room_and_in_private(talk: Talk) -> None:
    await filled(talk)
    for line, example in {
        "me-interesa": "me-interesa 1`",
        "apoyar": "apoyar 2`",
        "voy": "voy 5`",
        "votar": "votar 6 2`",
    }.items():
        assert example in await talk.answer("ana", f"!ayuda {line}"), line
        assert example in await talk.answer("ana", f"ayuda {line}", room=await talk.private("ana"))
        await talk.tells("ana", "cancelar")
        await talk.said()


async def test_nothing_of_a_room_that_one_is_not_in_is_named(talk: Talk) -> None:
    await filled(talk)
    await talk.room(RoomId("!otra:test"), "Otra", ["eva"], {})
    private = await talk.private("eva")
    for line, usual in {"me-interesa": 57, "apoyar": 57, "voy": 57, "votar": 12}.items():
        assert f"{line} {usual}" in await talk.answer("eva", f"ayuda {line}", room=private), line


async def test_without_any_of_its_kind_no_other_kind_is_named(talk: Talk) -> None:
    await talk.says("bea", "!encuesta ¿A? B, C")
    await talk.said()
    assert "apoyar 57`" in await talk.answer("ana", "!apoyar")
    assert "me-interesa 57`" in await talk.answer("ana", "!me-interesa")
    assert "cancelar 1`" in await talk.answer("ana", "!ayuda cancelar"), "that takes any"
