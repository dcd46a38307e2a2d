"""Point 7, for members who pay for data: what a vote costs who votes, and who only reads along.

Two members each stand behind a relay that counts what passes, with the heads of the requests,
without TLS and without compression. One votes, by word and by a tap.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from benchmarks.answer_sizes import size_of
from benchmarks.figures import Figure
from benchmarks.relay import Traffic, relay
from benchmarks.scene import OURS, Scene
from benchmarks.senders import Sender
from tests.real.heard import POLL_START, Heard
from tests.real.plain import Member

POINT = 7
REST, LOOK = 1.0, 0.1
"""Seconds without a byte after which all has passed, and between two looks."""
POLL, NUMBER = "!encuesta ¿Té? Sí, No", re.compile(r"!cerrar\s(\d+)")
LABELS = ("Sí", "No")
BY_WORD, BY_TAP = "!votar", "a vote by a tap"
NAMES = ("an answer to {}", "{}: traffic of who votes", "{}: traffic of who reads along")


@dataclass(frozen=True, slots=True)
class Votes:
    """A poll in a room of our bot's, where one votes and one reads along."""

    scene: Scene
    room: str
    poll: Heard
    number: int
    voter: Member
    passed: tuple[Traffic, Traffic]
    """Of who votes and of who reads."""

    async def by_word(self, turn: int) -> None:
        """Vote by a line, and hear that it was taken."""
        line = f"!votar {self.number} {turn % len(LABELS) + 1}"
        await _ask(self.voter, self.room, self.scene.minga.user, line)

    async def by_tap(self, turn: int) -> None:
        """Tap an answer: nothing need answer that."""
        await self.voter.vote(self.room, self.poll, LABELS[turn % len(LABELS)])

    async def weigh(self, vote: Callable[[int], Awaitable[None]], turn: int) -> tuple[float, ...]:
        """Vote. Return the bytes of what the bot says to it, and what passed of both members.

        Nothing more is said to it once the bot has answered a later line.
        """
        ear, bot = self.scene.ana.ear, self.scene.minga.user
        known = {event.id for event in ear.all(self.room, bot)}
        before = await self._settle()
        await vote(turn)
        after = await self._settle()
        last = await _ask(self.scene.ana, self.room, bot, f"!resultados {self.number}")
        said = [e.id for e in ear.all(self.room, bot) if e.id not in known | {last.id}]
        spent = (b - a for a, b in zip(before, after, strict=True))
        return await size_of(self.scene, self.room, said), *spent

    async def _settle(self) -> list[int]:
        """Wait until nothing passes any more. Return the bytes of both until now."""
        rested, seen = 0.0, [one.total for one in self.passed]
        while rested < REST:
            await asyncio.sleep(LOOK)  # nothing tells that nothing more comes
            rested += LOOK
            if (now := [one.total for one in self.passed]) != seen:
                rested, seen = 0.0, now
        return seen


async def measure(scene: Scene, rounds: int) -> list[Figure]:
    """Measure votes by word and by a tap in turns, each changing the one before."""
    found: dict[str, list[tuple[float, ...]]] = {BY_WORD: [], BY_TAP: []}
    async with poll(scene) as votes:
        ways = {BY_WORD: votes.by_word, BY_TAP: votes.by_tap}
        for turn in range(1 + rounds):
            for way, vote in ways.items():
                weighed = await votes.weigh(vote, turn)
                if turn:  # with the first one came the keys of her app
                    found[way].append(weighed)
    return [
        Figure(POINT, name.format(way), "bytes", {OURS: list(values)})
        for way, weighed in found.items()
        for name, values in zip(NAMES, zip(*weighed, strict=True), strict=True)
    ]


@asynccontextmanager
async def poll(scene: Scene) -> AsyncIterator[Votes]:
    """Open a poll in a new room with two members, each behind a relay."""
    async with AsyncExitStack() as stack:
        members, passed, joining = [], [], []
        for name in ("bea", "carla"):
            person = scene.person(name)
            traffic = await stack.enter_async_context(relay(scene.server.port))
            member = await stack.enter_async_context(Member())
            await member.login(traffic.url, *person.door[1:])
            sender = Sender(member, person)
            stack.push_async_callback(sender.close)
            members.append(member)
            passed.append(traffic)
            joining.append(sender)
        room = await scene.room(OURS, joining)
        voter = members[0]
        await scene.ana.send(room, POLL)
        opening = await voter.hears(NUMBER, room=room, sender=scene.minga.user)
        heard = await voter.hears(lambda e: e.type == POLL_START, room=room)
        yield Votes(scene, room, heard, _number(opening), voter, (passed[0], passed[1]))


async def _ask(member: Member, room: str, bot: str, line: str) -> Heard:
    event = await member.send(room, line)
    return await member.hears(lambda heard: heard.reply_to == event, room=room, sender=bot)


def _number(opening: Heard) -> int:
    found = NUMBER.search(opening.text)
    assert found is not None, opening
    return int(found[1])
