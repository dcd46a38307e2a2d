"""A room that the server cannot tell us of holds up no other, and nothing said there is lost."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.matrix import backoff
from bot.types import RoomId, UnfilledGap
from storage import sync
from storage.catch_up import stale_rooms
from tests.matrix.homeserver import ANA, ME, ROOM
from tests.matrix.test_sync import OTHER, World, world

__all__ = ["world"]
STATE = "%21room%3Aone.example/state"


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff, "GIVE_UP_AFTER", 0.1)


async def broken(world: World, what: str = STATE) -> None:
    """Two rooms; of one the server tells us nothing any more."""
    world.server.make_room()
    world.server.make_room(OTHER)
    world.machine.keys.add((OTHER, "s"))
    await world.caught_up()
    world.server.refuse[what] = (500, {})
    world.server.set("m.room.name", {"name": "x"})


async def aside(world: World) -> list[str]:
    async with world.db.reading() as tx:
        return list(await stale_rooms.get_all(tx))


async def test_the_others_are_settled_and_it_is_read_when_it_is_back(world: World) -> None:
    await broken(world)
    world.server.say("here 1")
    world.server.say("there 1", OTHER)
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: str(world.server.position) in inbox.tokens)
        world.server.say("here 2")
        world.server.say("there 2", OTHER)
        await inbox.until(lambda: str(world.server.position) in inbox.tokens)
        assert inbox.texts == ["there 1", "there 2"]
        assert await aside(world) == [ROOM]
        world.server.refuse.clear()
        await inbox.says("here 2")
        world.server.say("here 3")
        await inbox.says("here 3")
    assert inbox.texts == ["there 1", "there 2", "here 1", "here 2", "here 3"]
    assert await aside(world) == []


async def test_nothing_is_lost_by_a_restart_in_between(world: World) -> None:
    await broken(world)
    for number in range(250):
        world.server.say(f"here {number}")
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: str(world.server.position) in inbox.tokens)
    assert inbox.texts == []
    async with world.bot() as (_, again):
        await again.until(lambda: again.live)
        assert again.texts == []
        world.server.say("here 250")
        world.server.refuse.clear()
        await again.says("here 250")
    assert again.texts == [f"here {number}" for number in range(251)]
    assert not [w for w in again.got if isinstance(w, UnfilledGap)]


async def test_its_old_state_is_not_believed_after_a_restart(world: World) -> None:
    await broken(world)
    world.server.member(ANA, "leave", "join")
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: str(world.server.position) in inbox.tokens)
    world.server.refuse.clear()
    async with world.bot() as (gateway, again):
        await again.until(lambda: again.live)
        await gateway.send(RoomId(ROOM), "m.room.message", {"body": "x"}, "txn")
    assert world.machine.shared_with == [[ME]]


async def test_a_history_that_cannot_be_had_sets_aside_too(world: World) -> None:
    await broken(world, "%21room%3Aone.example/messages")
    for number in range(150):
        world.server.say(f"here {number}")
    world.server.say("there", OTHER)
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: str(world.server.position) in inbox.tokens)
        assert inbox.texts == ["there"]
        world.server.refuse.clear()
        await inbox.says("here 149")
    assert sorted(inbox.texts) == sorted(["there", *(f"here {n}" for n in range(150))])


async def test_what_was_said_meanwhile_counts_when_it_was_said(world: World) -> None:
    await broken(world)
    said = world.server.say("in time")["origin_server_ts"] / 1000
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: str(world.server.position) in inbox.tokens)
    floor = await sync.live_until(world.db)
    assert floor is not None
    world.clock.ahead = timedelta(hours=5)
    world.server.refuse.clear()
    async with world.bot() as (_, again):
        await again.says("in time")
    (message,) = [w for w in again.got if getattr(w, "text", "") == "in time"]
    assert said <= message.at.timestamp() <= floor.timestamp()


async def test_no_batch_waits_for_a_state_that_hangs(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await broken(world)
    async with world.bot() as (gateway, inbox):
        await inbox.until(lambda: str(world.server.position) in inbox.tokens)
        mirror: Any = gateway._mirror
        asked = asyncio.Event()

        async def hangs(_room: RoomId) -> None:
            asked.set()
            await asyncio.Event().wait()

        monkeypatch.setattr(mirror, "_try_fetch", hangs)
        world.server.say("here")
        world.server.say("there", OTHER)
        await inbox.until(lambda: "there" in inbox.texts, seconds=5)
        assert not asked.is_set()
