"""Who moderates is answered and nobody else, on real servers: of many asks none is wrong.

In rooms of versions 11 and 12, before and after a demotion, after a removal, and with power that
somebody gives themselves inside a ciphertext, where no server sees it.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path

import nio

from tests.real.botprocess import BotProcess
from tests.real.conftest import EnterPlain
from tests.real.plain import Member
from tests.real.servers import Pair

TIMES = 4 if os.environ.get("MINGA_FULL") == "1" else 1
"""`make storm` asks two hundred times and more; `make test` each person each line in each room."""
LINES = ("!deshacer", "!configurar prefijo +")
MAY = ("nada que deshacer", "antes, ! → después, +")
MAY_NOT = "No puedes hacer eso aquí"
NO_ROOM = "no compartimos ninguna sala"

Asked = dict[str, bool]
"""The event of each ask, and whether it has to be answered."""


async def ask(member: Member, rooms: tuple[str, ...], count: int, *, may: bool) -> Asked:
    """So many asks in each room, in `make storm` `TIMES` as many, one after the other."""
    asked: Asked = {}
    for n in range(count * TIMES):
        for room in rooms:
            asked[await member.send(room, LINES[n % len(LINES)])] = may
    return asked


async def answers(listener: Member, bot: str, asked: Asked) -> dict[str, str]:
    """What the bot said to each of them."""

    def heard() -> dict[str, str]:
        said = [one for one in listener.ear.events.values() if one.sender == bot]
        return {one.reply_to: one.text for one in said if one.reply_to in asked and not one.failure}

    await listener.ear.until(lambda: len(heard()) == len(asked), 60)
    return heard()


def wrong(asked: Asked, heard: Mapping[str, str]) -> list[str]:
    """Moderators who were refused, others who were not."""
    return [
        heard[event]
        for event, may in asked.items()
        if any(words in heard[event] for words in MAY) is not may
        or (MAY_NOT in heard[event]) is may
    ]


async def give(ana: Member, room: str, levels: Mapping[str, int]) -> None:
    """Other people's power, as the room's state has it."""
    kind = "m.room.power_levels"
    now = await ana.client.room_get_state_event(room, kind)
    assert isinstance(now, nio.RoomGetStateEventResponse)
    users = {**now.content["users"], **levels}
    done = await ana.client.room_put_state(room, kind, {**now.content, "users": users})
    assert isinstance(done, nio.RoomPutStateResponse)


async def test_each_ask_is_answered_by_power_alone(
    pair: Pair, plain: EnterPlain, tmp_path: Path
) -> None:
    names = ("ana", "mira", "dora", "rosa", "eva", "hugo")
    ana, mira, dora, rosa, eva, hugo = await asyncio.gather(*map(plain, names))
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        others = (mira, dora, rosa, eva, hugo)
        invited = [bot.user, *(one.user for one in others)]
        eleven, twelve = rooms = (
            await ana.create_room(invited, version="11"),
            await ana.create_room(invited, version="12"),
        )
        for room in rooms:
            await asyncio.gather(*(one.accept(room) for one in others))
            await ana.joined(room, bot.user)
            await give(ana, room, dict.fromkeys((mira.user, dora.user, rosa.user), 50))
            await ana.hears("!ayuda", room=room, sender=bot.user)
            for one in others:
                await one.joined(room, bot.user)
        private = await rosa.create_room([bot.user])
        await rosa.joined(private, bot.user)
        for room in rooms:
            fake = {"users": {hugo.user: 100, eva.user: 100}, "users_default": 100}
            await hugo.send_event(room, "m.room.power_levels", fake)
            await hugo.send_event(room, "m.room.create", {"additional_creators": [hugo.user]})

        for one in (mira, dora, eva, hugo):  # they say much, and Ana listens
            await one.pause()
        asked: Asked = {}
        for some in await asyncio.gather(
            ask(ana, rooms, 3, may=True),
            ask(mira, rooms, 3, may=True),
            ask(dora, rooms, 2, may=True),
            ask(rosa, rooms, 2, may=True),
            ask(eva, rooms, 3, may=False),
            ask(hugo, rooms, 3, may=False),
        ):
            asked |= some
        assert wrong(asked, await answers(ana, bot.user, asked)) == []

        for room in rooms:
            await give(ana, room, {dora.user: 0})
            await ana.client.room_kick(room, rosa.user)
            await hugo.send_event(room, "m.room.power_levels", {"users": {dora.user: 100}})
        await rosa.ear.until(lambda: {rosa.memberships.get(room) for room in rooms} == {"leave"})
        after: Asked = {}
        for some in await asyncio.gather(
            ask(ana, rooms, 2, may=True),
            ask(mira, rooms, 2, may=True),
            ask(dora, rooms, 3, may=False),
            ask(hugo, rooms, 2, may=False),
        ):
            after |= some
        gone = await ask(rosa, (private,), 3, may=False)
        assert wrong(after, await answers(ana, bot.user, after)) == []
        told = await answers(rosa, bot.user, gone)
        assert {NO_ROOM in text for text in told.values()} == {True}
        assert len(asked) + len(after) + len(gone) == 53 * TIMES
        assert eleven != twelve
        await bot.stop()
