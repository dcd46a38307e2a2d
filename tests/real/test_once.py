"""Once: through kills, downtime and a split network each command has one effect and one answer."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import re
from collections import Counter
from pathlib import Path

from tests.real.botprocess import BotProcess
from tests.real.conftest import EnterPlain
from tests.real.heard import Silence
from tests.real.plain import Member
from tests.real.servers import Pair

SENDERS = 8
FULL = os.environ.get("MINGA_FULL") == "1"
"""`make storm` runs the whole storm; `make test` a shorter one of the same kind."""
COMMANDS, KILLS = (1_000, 20) if FULL else (64, 3)
WHILE_OFF, BEYOND = (500, 150) if FULL else (110, 110)
"""More than a sync brings of one room at once, which is a hundred: so there is a gap to fill."""
REMINDER = re.compile(r"^Recordatorio (\d+): .*[“\"«]tarea (\d+)[”\"»]", re.DOTALL)


async def a_room(pair: Pair, members: list[Member], bot: BotProcess) -> str:
    """An encrypted room of the members and the bot, on the members' server."""
    first, *others = members
    room = await first.create_room(invite=[bot.user, *(m.user for m in others)])
    for member in others:
        await member.accept(room)
    await first.joined(room, bot.user, within=60)
    return room


async def answers(member: Member, room: str, bot: BotProcess, expected: int, within: float) -> None:
    """Wait until the room holds `expected` answers about tasks, as the member's server tells it.

    Not what `/sync` brought: when federation lags, a server fetches what it missed backwards, and
    that never comes by sync.
    """
    try:
        async with asyncio.timeout(within):
            while len(await said(member, room, bot)) < expected:
                with contextlib.suppress(Silence):
                    await heard_all(member, room, bot, expected)
    except TimeoutError:
        once(await said(member, room, bot), expected)  # says which are missing
        raise


async def heard_all(member: Member, room: str, bot: BotProcess, expected: int) -> None:
    """Until so many came by sync, which costs the server little; `Silence` where none comes."""

    def heard() -> int:
        return sum(bool(REMINDER.search(h.text)) for h in member.ear.all(room, bot.user))

    while (known := heard()) < expected:
        await member.ear.until(lambda: heard() > known, 3)


async def said(member: Member, room: str, bot: BotProcess) -> list[str]:
    """The bot's answers about tasks, oldest first."""
    heard = await member.timeline(room)
    return [h.text for h in heard if h.sender == bot.user and REMINDER.search(h.text)]


def once(texts: list[str], expected: int) -> None:
    """Each task was answered once, and each has a number of its own."""
    found = [REMINDER.search(text) for text in texts]
    tasks = Counter(m[2] for m in found if m)
    numbers = Counter(m[1] for m in found if m)
    missing = sorted({str(n) for n in range(expected)} - set(tasks), key=int)
    assert missing == []
    assert set(tasks.values()) == {1}
    assert len(numbers) == expected


async def test_a_burst_of_commands_through_kill_after_kill(
    pair: Pair, plain: EnterPlain, tmp_path: Path
) -> None:
    members = [await plain(f"m{n}") for n in range(SENDERS)]
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[members[0].user]) as bot:
        room = await a_room(pair, members, bot)
        for member in members[1:]:  # one who listens is enough
            await member.joined(room, bot.user)
            await member.pause()
        storm = asyncio.create_task(kills(bot))
        await asyncio.gather(*(burst(m, room, n) for n, m in enumerate(members)))
        await storm
        await answers(members[0], room, bot, COMMANDS, 120)
        once(await said(members[0], room, bot), COMMANDS)
        await bot.stop()


async def burst(member: Member, room: str, place: int) -> None:
    for number in range(place, COMMANDS, SENDERS):
        await member.send(room, f"!recordar en 30 días; tarea {number}")


async def kills(bot: BotProcess) -> None:
    chance = random.Random(7)  # noqa: S311
    for _ in range(KILLS):
        await asyncio.sleep(chance.uniform(0.2, 1.5))
        await bot.kill()
        await bot.start()
        await bot.logs("signed in|ready", 60)
    await bot.ready()


async def test_commands_sent_while_it_was_off_are_answered_in_order(
    pair: Pair, plain: EnterPlain, tmp_path: Path
) -> None:
    ana = await plain(pair.person("ana", pair.b if FULL else pair.a))
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        room = await a_room(pair, [ana], bot)
        await bot.kill()
        for number in range(WHILE_OFF):
            await ana.send(room, f"!recordar en 30 días; tarea {number}")
        await bot.start()
        await answers(ana, room, bot, WHILE_OFF, 120)
        texts = await said(ana, room, bot)
        once(texts, WHILE_OFF)
        found = [REMINDER.search(text) for text in texts]
        assert [m[2] for m in found if m] == [str(n) for n in range(WHILE_OFF)]


async def test_commands_written_beyond_a_split_are_answered_once(
    pair: Pair, plain: EnterPlain, tmp_path: Path
) -> None:
    ana = await plain("ana")
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        room = await a_room(pair, [ana], bot)
        await ana.send(room, "!recordar en 30 días; tarea 0")
        await answers(ana, room, bot, 1, 30)
        await asyncio.to_thread(pair.cut)
        try:
            for number in range(1, BEYOND + 1):
                await ana.send(room, f"!recordar en 30 días; tarea {number}")
            assert len(await said(ana, room, bot)) == 1, "they were cut off"
        finally:
            await asyncio.to_thread(pair.heal)
        await answers(ana, room, bot, BEYOND + 1, 120)
        once(await said(ana, room, bot), BEYOND + 1)
