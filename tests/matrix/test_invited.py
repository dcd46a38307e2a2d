"""Who invites the bot, and what it knows of them then."""

from __future__ import annotations

import asyncio
from typing import Literal

import pytest

from bot.matrix.sync import room_queues
from bot.matrix.sync.room_queues import RoomQueues
from bot.types import BotInvited, MembershipChanged, RoomId
from tests.matrix.fakes import FakeInbox
from tests.matrix.homeserver import ME, ROOM
from tests.matrix.test_sync import World
from tests.matrix.test_sync import world as world

EVA = "@eva:two.example"


class Gate(asyncio.Event):
    """Tells when somebody waits at it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()

    async def wait(self) -> Literal[True]:
        self.asked.set()
        return await super().wait()


def is_invited(world: World, room: str) -> None:
    mine = {"type": "m.room.member", "state_key": ME, "sender": EVA}
    stripped = [mine | {"content": {"membership": "invite"}}]
    world.server.invites[room] = (world.server.position, stripped)


def invitations(inbox: FakeInbox) -> list[str]:
    return [what.room for what in inbox.got if isinstance(what, BotInvited)]


async def test_who_has_just_come_in_may_invite_at_once(world: World) -> None:
    """The same sync tells of both, and what is said of the room takes longer."""
    world.server.make_room()
    await world.caught_up()
    gate = Gate()
    bot = world.bot(lambda inbox: inbox.slow.update({ROOM: gate}))
    async with asyncio.timeout(60), bot as (_, inbox):
        world.server.member(EVA, "join", "invite")
        is_invited(world, "!new:two.example")
        await gate.asked.wait()
        for _turn in range(100):
            await asyncio.sleep(0)
        assert not inbox.got
        gate.set()
        await inbox.until(lambda: invitations(inbox))
        assert isinstance(inbox.got[0], MembershipChanged)


async def test_a_room_that_hangs_holds_an_invitation_for_a_while_only(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room_queues, "LONGEST_WAIT", 0.01)
    world.server.make_room()
    await world.caught_up()
    bot = world.bot(lambda inbox: inbox.slow.update({ROOM: asyncio.Event()}))
    async with asyncio.timeout(60), bot as (_, inbox):
        world.server.member(EVA, "join", "invite")
        is_invited(world, "!new:two.example")
        await inbox.until(lambda: invitations(inbox))


async def test_a_thousand_invitations_wait_together() -> None:
    """Beside a room that is slow: each would else wait for all that came before it."""
    waits: list[int] = []
    gate = asyncio.Event()

    async def invited() -> None:
        waits.append(len(asyncio.all_tasks()))

    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        queues = RoomQueues(group)
        _ = queues.add(RoomId(ROOM), gate.wait)  # type: ignore[arg-type]
        before = len(asyncio.all_tasks())
        for n in range(1_000):
            _ = queues.add_behind_all(RoomId(f"!{n}:two.example"), invited)
        assert len(asyncio.all_tasks()) - before == 1_001, "one task waits for the room"
        for _turn in range(100):
            await asyncio.sleep(0)
        assert not waits
        gate.set()
    assert len(waits) == 1_000
