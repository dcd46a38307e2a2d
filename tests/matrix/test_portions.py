"""A sync that brings hundreds of rooms is handled by portions, and what is done is dropped."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.matrix.sync import batches, room_queues
from bot.matrix.sync.gap_fill import MessageClock
from bot.matrix.sync.sync_batch import SyncBatch
from tests.matrix.fakes import FakeInbox
from tests.matrix.test_sync import World
from tests.matrix.test_sync import world as world

ROOMS = [f"!room{n}:one.example" for n in range(5)]


async def many_rooms(world: World) -> None:
    """Let everybody say something in each room while the bot is off."""
    for room in ROOMS:
        world.server.make_room(room)
        world.machine.keys.add((room, "s"))
    await world.caught_up()
    for room in ROOMS:
        world.server.say(f"in {room}", room)


async def test_the_next_rooms_wait_for_those_that_are_being_handled(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "ROOMS_TOGETHER", 2)
    monkeypatch.setattr(room_queues, "LONGEST_TURN", 600)
    await many_rooms(world)
    two, slow, other = asyncio.Event(), asyncio.Event(), asyncio.Event()
    begun: list[str] = []

    class Slow(dict[str, asyncio.Event]):
        def __contains__(self, room: object) -> bool:
            begun.append(str(room))
            if len({*begun}) == 2:
                two.set()
            return super().__contains__(room)

    def prepare(inbox: FakeInbox) -> None:
        inbox.slow = Slow({ROOMS[0]: slow, ROOMS[1]: other})

    async with asyncio.timeout(60), world.bot(prepare) as (_, inbox):
        await two.wait()
        for _ in range(100):
            await asyncio.sleep(0)
        assert {*begun} == {*ROOMS[:2]}
        other.set()
        for room in ROOMS[1:]:
            await inbox.says(f"in {room}")  # one that is slow takes one place, and not the others'
        slow.set()
        await inbox.says(f"in {ROOMS[0]}")


async def test_a_slow_room_holds_up_the_next_ones_for_a_turn_at_most(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "ROOMS_TOGETHER", 2)
    monkeypatch.setattr(room_queues, "LONGEST_TURN", 0.01)
    await many_rooms(world)

    def prepare(inbox: FakeInbox) -> None:
        inbox.slow = {ROOMS[0]: asyncio.Event()}

    async with asyncio.timeout(60), world.bot(prepare) as (_, inbox):
        for room in ROOMS[1:]:
            await inbox.says(f"in {room}")
        assert f"in {ROOMS[0]}" not in inbox.texts


async def test_a_slow_room_keeps_its_place_for_one_turn_though_others_get_done() -> None:
    now = asyncio.get_running_loop().time()

    async def wait_for_ever() -> None:
        await asyncio.Event().wait()

    stuck, begun, done = (asyncio.create_task(wait_for_ever()) for _ in range(3))
    done.cancel()
    left = await room_queues.give_turn(
        {stuck: now - room_queues.LONGEST_TURN, begun: now, done: now}
    )
    stuck.cancel()
    assert left == {begun: now}
    begun.cancel()


def test_a_batch_that_was_handed_over_keeps_nothing_of_its_rooms() -> None:
    now = datetime.now(UTC)
    said: dict[str, Any] = {"timeline": {"events": [{"type": "m.room.message"}] * 3}}
    answer = {"rooms": {"join": {ROOMS[0]: said, ROOMS[1]: said}}}
    batch = SyncBatch("s1", "s2", now, MessageClock(now, False, None), [answer])
    joined, left = batch.hand_over("join", "leave")
    assert [room for room, _section in joined] == ROOMS[:2]
    assert not left
    assert (batch.held, batch.answers, batch.sections("join")) == (7, [], [])
