"""Somebody asks to be forgotten while a room decides about them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk
from commands.governance.tests.test_governance import PEOPLE, does, power, voted


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    await talk.room(ROOM, "Sala", PEOPLE, {"ana": 50, "bea": 50}, bot_power=100)
    return talk


async def forgets(talk: Talk, who: str) -> list[str]:
    """They ask to be forgotten, and stay in the room, which hears this."""
    for line in ("borrarme", "sí"):
        await talk.tells(who, line)
    await talk.wait(timedelta(seconds=1))
    said = [post.plain for post in await talk.said() if post.room == ROOM]
    return [one for one in said if not one.startswith("* ")]


async def test_being_forgotten_is_no_way_to_keep_power(talk: Talk) -> None:
    await does(talk, "ana", "!gobierno quitar-moderacion decisión")
    said = await does(talk, "carla", "!quitar-moderacion @bea:test")
    assert await forgets(talk, "bea") == []
    assert await power(talk, "bea") == 50
    assert "@bea:test) ya no modera" in await voted(talk, said, "ana", "carla", "dani")
    assert await power(talk, "bea") == 0


async def test_what_was_to_be_given_to_who_is_forgotten_ends_with_a_word(talk: Talk) -> None:
    await does(talk, "ana", "!gobierno dar-moderacion decisión")
    await does(talk, "ana", "!cargo nuevo cuidado")
    await does(talk, "ana", "!gobierno cargo 2 moderadores")
    await does(talk, "ana", "!dar-moderacion @carla:test")
    await does(talk, "ana", "!cargo dar cuidado @carla:test")
    said = await forgets(talk, "carla")
    assert sum("ya no queda nada que decidir" in one for one in said) == 2, said
    assert await power(talk, "carla") == 0
