"""Found by looking again, through kills too: what our server fetches after we filled a gap. And
what was said until we were taken out of a room."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.matrix.sync import gap_rechecks
from bot.types import Message
from tests.matrix.homeserver import ME, ROOM
from tests.matrix.test_sync import World
from tests.matrix.test_sync import world as world

SOON = (timedelta(seconds=0.05),) * 3
OFTEN = (timedelta(seconds=0.05),) * 200
NEVER = (timedelta(days=1),)


async def a_gap(world: World) -> int:
    """Make one; where in the room the server is missing something."""
    world.server.make_room()
    for n in range(20):
        world.server.say(f"early{n}")
    await world.caught_up()
    world.server.now = int(datetime.now(UTC).timestamp() * 1000)
    place = len(world.server.rooms[ROOM].order)
    for n in range(101):
        world.server.say(f"new{n}")
    return place


async def open_holes(world: World) -> int:
    async with world.db.reading() as tx:
        row = await tx.one("SELECT count(*) AS n FROM hole")
    assert row is not None
    return int(row["n"])


async def no_holes(world: World) -> None:
    async with asyncio.timeout(60):
        while await open_holes(world):  # noqa: ASYNC110 - the database tells nobody
            await asyncio.sleep(0.02)


async def test_what_the_server_fetches_after_our_filling_is_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gap_rechecks, "RECHECK_DELAYS", OFTEN)
    place = await a_gap(world)
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: "new100" in inbox.texts)
        world.server.say("fetched", told=False, at=place)
        await inbox.says("fetched")
        world.server.say("fetched later", told=False, at=place)
        await inbox.says("fetched later")
    assert len(inbox.texts) == len(set(inbox.texts))


async def test_a_kill_before_the_next_look_loses_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gap_rechecks, "RECHECK_DELAYS", NEVER)
    place = await a_gap(world)
    await world.caught_up()
    world.server.say("fetched", told=False, at=place)
    world.clock.ahead = timedelta(days=1, minutes=1)
    async with world.bot() as (_, inbox):
        await inbox.says("fetched")


async def test_looking_goes_past_pages_that_are_known(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Our own answers may fill whole pages between the newest and what is missing."""
    monkeypatch.setattr(gap_rechecks, "RECHECK_DELAYS", NEVER)
    place = await a_gap(world)
    for n in range(250):
        world.server.say(f"answer{n}", sender=ME)
    await world.caught_up()
    world.server.say("deep", told=False, at=place)
    world.clock.ahead = timedelta(days=1, minutes=1)
    async with world.bot() as (_, inbox):
        await inbox.says("deep")


async def test_looking_ends(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gap_rechecks, "RECHECK_DELAYS", SOON)
    await a_gap(world)
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: "new100" in inbox.texts)
        await no_holes(world)
        asked = world.server.count("/messages")
        world.server.say("talk")
        await inbox.says("talk")
        await asyncio.sleep(0.2)
        assert world.server.count("/messages") == asked


async def test_leaving_the_room_ends_the_looking(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gap_rechecks, "RECHECK_DELAYS", NEVER)
    await a_gap(world)
    await world.caught_up()
    assert await open_holes(world) == 1
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: inbox.live)
        world.server.rooms[ROOM].membership = "leave"
        world.server.left[ROOM] = world.server.position + 1
        world.server.position += 1
        world.server.news.set()
        await no_holes(world)


@pytest.mark.parametrize("limit", [100, 2])
async def test_what_was_said_before_it_was_removed_is_read(world: World, limit: int) -> None:
    world.server.make_room()
    await world.caught_up()
    world.server.limit = limit
    said = [world.server.say(f"1 {word}")["event_id"] for word in ("for", "against", "for")]
    world.server.member(ME, "leave", "join")
    world.server.say("what a server tells that lies")
    world.server.rooms[ROOM].membership = "leave"
    world.server.left[ROOM] = world.server.position
    got = (await world.caught_up()).got
    assert [w.event for w in got if isinstance(w, Message)] == said
    assert not (await world.room()).joined
