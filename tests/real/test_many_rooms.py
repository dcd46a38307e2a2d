"""A whole network on two homeservers is asked at once, through kills: each counts once.

`make test` asks a few rooms; `MINGA_FULL=1` (`make storm`) asks 64 rooms and 500 people.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nio

from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter, EnterPlain
from tests.real.crowd import Crowd, in_turn
from tests.real.element import Element
from tests.real.heard import POLL_START, Heard, all_read
from tests.real.plain import Member
from tests.real.proxy import SEND, Answer, Call, Dropped, Proxy
from tests.real.servers import Pair, Person

FULL = os.environ.get("MINGA_FULL") == "1"
ROOMS, PEOPLE, KILLS = (64, 500, 3) if FULL else (5, 10, 1)
"""Kills while people vote; there is one more while it is asked, and one while its end is said."""
TWICE = 10
"""One in so many people is in two of the rooms, and votes in both."""
PATIENCE = 1_200 if FULL else 120
OPENING = re.compile(rf"^Encuesta (\d+): ¿Qué día\?\n(?:.*\n)*Se pregunta en {ROOMS} salas")
RESULT = re.compile(r"^Encuesta \d+, [“\"]¿Qué día\?[”\"]: gana jueves", re.MULTILINE)
COUNTS = re.compile(r": martes: (\d+) · jueves: (\d+)")


@dataclass(frozen=True, slots=True)
class Voter:
    """Somebody of the network: their rooms, and what they vote in the last of them."""

    member: Member | Element
    rooms: Sequence[str]
    label: str

    @classmethod
    def number(cls, n: int, member: Member | Element, rooms: Sequence[str]) -> Voter:
        """Return the n-th: a third wants Tuesday, one in ten is in two rooms."""
        mine = [rooms[n % len(rooms)]]
        if n % TWICE == 0:
            mine.append(rooms[(n + 1) % len(rooms)])
        return cls(member, mine, "martes" if n % 3 == 0 else "jueves")

    async def enters(self) -> None:
        """Into each room; the inviter's server tells ours before it keeps the invitation."""
        for room in self.rooms:
            if isinstance(self.member, Element):
                await self.member.accept(room)
                continue
            async with asyncio.timeout(PATIENCE):
                while await self._is_refused(self.member, room):  # noqa: ASYNC110
                    await asyncio.sleep(0.5)  # nothing tells when the invitation is kept

    @staticmethod
    async def _is_refused(member: Member, room: str) -> bool:
        return isinstance(await member.client.join(room), nio.ErrorResponse)

    async def votes(self, bot: str) -> None:
        """Another answer in the first of two rooms, and at last their own."""
        for place, room in enumerate(self.rooms, start=1):
            poll = await self._sees(room, bot)
            other = "jueves" if self.label == "martes" else "martes"
            await self.member.vote(room, poll, self.label if place == len(self.rooms) else other)

    async def _sees(self, room: str, bot: str) -> Heard:
        """Wait for the native poll; plain members listen to nothing and look for it."""
        if isinstance(self.member, Element):
            return await self.member.hears(_is_poll, room=room, sender=bot, within=PATIENCE)
        async with asyncio.timeout(PATIENCE):
            while True:
                for heard in self.member.ear.events.values():
                    if heard.room == room and heard.sender == bot and _is_poll(heard):
                        return heard
                await self.member.look()


def _is_poll(heard: Heard) -> bool:
    return heard.type == POLL_START


async def _persons(pair: Pair, count: int) -> list[Person]:
    def made(n: int) -> Person:
        return pair.person(f"p{n}", pair.b if n % 2 else pair.a)

    def all_of_them() -> list[Person]:
        with ThreadPoolExecutor(4) as workers:
            return list(workers.map(made, range(count)))

    return await asyncio.to_thread(all_of_them)


async def _dies_at(proxy: Proxy, bot: BotProcess, message: int) -> None:
    """Kill the bot once its server took this message, whose answer it never gets; start it anew."""
    sent, died = 0, asyncio.Event()

    async def die(call: Call) -> Answer:
        nonlocal sent
        sent += 1
        mine = sent  # others are on their way at once
        answer = await call.forward()
        if mine == message:
            await bot.kill()
            died.set()
            raise Dropped
        return answer

    proxy.on(SEND, die, times=message)
    async with asyncio.timeout(PATIENCE):
        await died.wait()
    await bot.start()
    await bot.ready(PATIENCE)


async def _through_kills(bot: BotProcess, deeds: Sequence[Coroutine[Any, Any, Any]]) -> None:
    """Do them a few at a time, and kill the bot whenever a share of them is done."""
    share = max(1, len(deeds) // (KILLS + 1))
    for first in range(0, len(deeds), share):
        voting = asyncio.create_task(in_turn(deeds[first : first + share]))
        if 0 < first // share <= KILLS:
            await bot.restart()
        await voting


async def test_a_whole_network_is_asked_at_once_and_each_counts_once(
    pair: Pair, element: Enter, plain: EnterPlain, tmp_path: Path
) -> None:
    began = time.monotonic()
    account, owner = pair.person("minga", pair.a), await plain(pair.person("ana", pair.a))
    more = [await element("eva")]
    async with (
        AsyncExitStack() as stack,
        Proxy(pair.a.url) as proxy,
        BotProcess(tmp_path, account, moderators=[owner.user], homeserver=proxy.url) as bot,
    ):
        crowd = await Crowd.enter(stack, await _persons(pair, PEOPLE - len(more)))
        members: list[Member | Element] = [*crowd.members, *more]
        names = [f"{n}" for n in range(ROOMS)]
        planned = [Voter.number(n, one, names) for n, one in enumerate(members)]
        rooms = await _rooms(owner, bot, planned)
        voters = [Voter.number(n, one, rooms) for n, one in enumerate(members)]
        await in_turn(one.enters() for one in voters)
        for one in voters:  # who is not known to be there when it is asked has no vote
            for room in one.rooms:
                await owner.joined(room, one.member.user, PATIENCE)
        ready = time.monotonic()
        home = rooms[0]
        await owner.send(home, "!encuesta ¿Qué día? martes, jueves en: todas")
        await owner.hears(f"aquí y en {ROOMS - 1} salas más", PATIENCE, room=home, sender=bot.user)
        dies = asyncio.create_task(_dies_at(proxy, bot, ROOMS))
        await owner.send(home, "sí")
        await dies
        opening = await owner.hears(OPENING, PATIENCE, room=home, sender=bot.user)
        found = OPENING.search(opening.text)
        assert found
        number = found[1]
        for room in rooms:
            await owner.hears(_is_poll, PATIENCE, room=room, sender=bot.user)
        asked = time.monotonic()
        await _through_kills(bot, [one.votes(bot.user) for one in voters])
        counted = Counter(one.label for one in voters)
        await _counts(owner, bot, home, number, counted)
        voted = time.monotonic()
        dies = asyncio.create_task(_dies_at(proxy, bot, ROOMS))
        await owner.send(home, f"!cerrar {number}")
        await dies
        for room in rooms:
            result = await owner.hears(RESULT, PATIENCE, room=room, sender=bot.user)
            said = set(result.text.splitlines())
            assert {f"martes: {counted['martes']}", f"jueves: {counted['jueves']}"} <= said
        await _said_once(owner, bot, rooms)
        await owner.send(home, f"!resultados {number} salas")
        private = await owner.called(PATIENCE)
        told = await owner.hears(COUNTS, PATIENCE, room=private, sender=bot.user)
        by_room = [tuple(map(int, one)) for one in COUNTS.findall(told.text)]
        assert tuple(map(sum, zip(*by_room, strict=True))) == (
            counted["martes"],
            counted["jueves"],
        )
        sys.stdout.write(
            f"\n{ROOMS} rooms, {len(voters)} people, {KILLS + 2} kills: {dict(counted)};"
            f" made ready in {ready - began:.0f} s, asked in {asked - ready:.0f} s,"
            f" voted in {voted - asked:.0f} s, ended in {time.monotonic() - voted:.0f} s\n"
        )
        await bot.stop()


async def _rooms(owner: Member, bot: BotProcess, planned: Sequence[Voter]) -> list[str]:
    """The rooms, made by the owner, each with the bot in it."""
    made: dict[int, str] = {}

    async def makes(n: int) -> None:
        people = [one.member.user for one in planned if str(n) in one.rooms]
        made[n] = await owner.create_room(invite=[bot.user, *people], version="12")
        await owner.joined(made[n], bot.user, PATIENCE)

    await in_turn(makes(n) for n in range(ROOMS))
    return [made[n] for n in range(ROOMS)]


async def _counts(
    owner: Member, bot: BotProcess, home: str, number: str, counted: Counter[str]
) -> None:
    """Wait until every vote is counted: the last ones may still be on their way."""
    wanted = {f"{label}: {count}" for label, count in counted.items()}
    async with asyncio.timeout(PATIENCE):
        while True:
            asked = await owner.send(home, f"!resultados {number}")
            told = await owner.hears(
                lambda one, asked=asked: one.reply_to == asked,  # type: ignore[misc]
                PATIENCE,
                room=home,
                sender=bot.user,
            )
            if wanted <= set(told.text.splitlines()):
                return
            await asyncio.sleep(1)


async def _said_once(owner: Member, bot: BotProcess, rooms: Sequence[str]) -> None:
    """Each room has one opening, one native poll and one result, all readable."""
    for room in rooms:
        said = await all_read(owner, room, bot.user)
        assert {one.failure for one in said if one.encrypted} == {None}
        assert [one.type for one in said].count(POLL_START) <= 1, "taken away at its end"
        for words in (OPENING, RESULT):
            fits = [one for one in said if words.search(one.text)]
            assert len(fits) == 1, [one.text for one in fits]
