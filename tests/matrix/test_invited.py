"""Who invites the bot, and what it knows of them then."""

from __future__ import annotations

import asyncio
from typing import Literal

from bot.types import BotInvited, MembershipChanged
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


async def test_who_has_just_come_in_may_invite_at_once(world: World) -> None:
    """The same sync tells of both, and what is said of the room takes longer."""
    world.server.make_room()
    await world.caught_up()
    gate = Gate()
    bot = world.bot(lambda inbox: inbox.slow.update({ROOM: gate}))
    async with asyncio.timeout(60), bot as (_, inbox):
        world.server.member(EVA, "join", "invite")
        mine = {"type": "m.room.member", "state_key": ME, "sender": EVA}
        stripped = [mine | {"content": {"membership": "invite"}}]
        world.server.invites["!new:two.example"] = (world.server.position, stripped)
        await gate.asked.wait()
        for _turn in range(100):
            await asyncio.sleep(0)
        assert not inbox.got
        gate.set()
        await inbox.until(lambda: [w for w in inbox.got if isinstance(w, BotInvited)])
        assert isinstance(inbox.got[0], MembershipChanged)
