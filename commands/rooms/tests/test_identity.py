"""Somebody's keys were replaced: who has to know is told, once, and the logs say it."""

from __future__ import annotations

from bot.testing import Talk, user
from bot.types import EventId, NewIdentity, RoomId


async def replace(talk: Talk, name: str) -> None:
    event = EventId(f"$identity-{name}")
    await talk.happens(NewIdentity(RoomId(""), event, user(name), talk.clock.at))


async def test_the_person_and_the_moderators_are_told_in_private(talk: Talk) -> None:
    await talk.room(RoomId("!otra:test"), "Otra", ["bea", "carla"], {"carla": 50})
    await replace(talk, "bea")
    await replace(talk, "bea")
    heard = {p.room: p.plain for p in await talk.said()}
    assert "¿Fuiste tú?" in heard.pop(await talk.private("bea"))
    assert set(heard) == {await talk.private("ana"), await talk.private("carla")}
    for text in heard.values():
        assert "Bea tiene una identidad nueva" in text
        assert "por otro medio" in text


async def test_members_read_it_in_the_log(talk: Talk) -> None:
    await replace(talk, "bea")
    await talk.said()
    assert "Bea: tiene una identidad nueva" in await talk.answer("carla", "!historial")


async def test_a_moderator_whose_keys_were_replaced_is_told_as_a_person_alone(talk: Talk) -> None:
    await replace(talk, "ana")
    assert [p.room for p in await talk.said()] == [await talk.private("ana")]


async def test_of_strangers_nothing_is_said(talk: Talk) -> None:
    await replace(talk, "@eve:evil")
    await talk.hears_nothing()
