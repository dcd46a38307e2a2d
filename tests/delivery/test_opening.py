"""Rooms that the bot opens: once, whatever becomes of the answer."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace
from typing import Any

import pytest

from bot.capability.context import Origin
from bot.delivery.destinations import find_room
from bot.delivery.effects import Callback, CreateRoom
from bot.delivery.outbox import Outbox
from bot.testing.fake_gateway import FakeGateway
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import Number, RoomId, UserId
from storage import items, rooms


async def opening(talk: Talk, key: str) -> None:
    then = Callback("reminders", "opened", Number(7))
    async with talk.machine.db.transaction() as tx:
        made = CreateRoom(key, "Norte", then, "Un equipo", (user_id("ana"),))
        await talk.machine.env.answers.write_answer(
            tx, made, Origin(ROOM, requester=user_id("ana")), talk.clock.now()
        )


async def heard_of(talk: Talk) -> list[tuple[RoomId, str]]:
    async with talk.machine.db.reading() as tx:
        rows = await tx.all("SELECT room, payload FROM job WHERE name = 'opened' ORDER BY id")
    return [(RoomId(row["room"]), json.loads(row["payload"])["code"]) for row in rows]


async def with_item(talk: Talk) -> None:
    async with talk.machine.db.transaction() as tx:
        await items.add(tx, "reminders", "list", ROOM, user_id("ana"), "", talk.clock.now())
        await tx.run("UPDATE item SET number = 7")


async def test_a_room_whose_answer_was_lost_is_found_and_not_made_again(talk: Talk) -> None:
    await with_item(talk)
    await opening(talk, "secret")
    talk.gateway.lose_responses = True
    attempts = 0

    async def again(_seconds: float) -> None:
        nonlocal attempts
        attempts += 1
        talk.gateway.lose_responses = attempts < 3

    await Outbox(
        talk.machine.db, talk.gateway, talk.clock, talk.machine.env.answers, again
    ).deliver_pending()
    room = RoomId("!minga-secret:test")
    assert (attempts, talk.gateway.opened) == (3, {room: "Norte"})
    assert await heard_of(talk) == [(room, "")]
    async with talk.machine.db.reading() as tx:
        assert await rooms.get(tx, room) is None  # only the server's state says that we are in it
    await talk.restart()
    await talk.sent()
    assert await heard_of(talk) == [(room, "")]


async def test_the_same_key_asked_for_twice_is_one_room(talk: Talk) -> None:
    """As after a restored copy, which knows nothing of the first one."""
    await with_item(talk)
    for _ in range(2):
        await opening(talk, "secret")
        await talk.sent()
    room = RoomId("!minga-secret:test")
    assert talk.gateway.opened == {room: "Norte"}
    assert await heard_of(talk) == [(room, ""), (room, "")]


async def test_a_room_that_is_refused_is_told_to_who_asked_for_it(talk: Talk) -> None:
    await with_item(talk)
    await opening(talk, "secret")
    talk.gateway.refuse = "M_FORBIDDEN"
    await talk.hears_nothing()
    assert [code for _room, code in await heard_of(talk)] == ["M_FORBIDDEN"]


async def test_queues_that_want_a_private_room_at_once_open_one(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever joined the other of two would never be written to: an alarm was lost so."""
    made, make = list[RoomId](), talk.gateway.make_private_room

    async def slowly(_gateway: FakeGateway, user: UserId, alias: str) -> RoomId:
        await asyncio.sleep(0)
        made.append(await make(user, alias))
        return made[-1]

    def wanting(alias: str) -> Any:
        row = SimpleNamespace(person=user_id("bea"), alias=alias, room=None)
        return SimpleNamespace(row=row, kind=SimpleNamespace(open_room=None))

    monkeypatch.setattr(FakeGateway, "make_private_room", slowly)
    db, now = talk.machine.db, talk.clock.now()
    wanted = [find_room(db, talk.gateway, wanting(alias), now) for alias in ("one", "two")]
    assert await asyncio.gather(*wanted) == [None, None]
    assert made == [RoomId("!private-one:test")]
