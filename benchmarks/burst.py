"""Point 2: many commands at once, by eight people in several rooms.

Who is measured has rooms of its own with the same people. `nobody` are the rooms where the
homeserver takes the same commands, and as many answers by an account that reads nothing: the rate
that no bot can exceed.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from benchmarks.figures import Figure, Goal
from benchmarks.processes import forget_peak, read_peak, read_usage
from benchmarks.round_trip import COMMAND
from benchmarks.scene import BOTS, Scene
from benchmarks.senders import ROOMS, Prepared, Sender, enter, few_at_once

POINT = 2
SENDERS, ROOMS_EACH = 8, 4
NOBODY = "nobody"
PATIENCE = 15.0
"""Seconds without a new answer after which the missing ones are lost."""
LOOK = 0.5


@dataclass(frozen=True, slots=True)
class Burst:
    """What came of one burst. Processor time in seconds, memory in MiB."""

    seconds: float
    answered: int
    lost: int
    doubled: int
    cpu: float
    server_cpu: float
    peak: float


class Answers:
    """The bot's replies in some rooms from now on, as the homeserver keeps them."""

    def __init__(self, looker: Sender, bot: str, rooms: Sequence[str]) -> None:
        self._looker = looker
        self._bot = bot
        self._from = dict.fromkeys(rooms, "")
        self.replies: Counter[str] = Counter()
        self.last = 0.0
        """When the homeserver took the newest, in seconds since 1970."""

    async def begin(self) -> None:
        """Remember where the rooms end now."""
        for room in self._from:
            said = await self._look(room, dir="b", limit="1")
            self._from[room] = said["start"]

    async def look(self) -> int:
        """Read what is new. Return how many commands have a reply."""
        for room in self._from:
            while (said := await self._news(room))["chunk"]:
                for event in said["chunk"]:
                    self._take(event)
                if "end" not in said:
                    break
                self._from[room] = said["end"]
        return len(self.replies)

    async def _news(self, room: str) -> Mapping[str, Any]:
        return await self._look(room, dir="f", limit="1000", **{"from": self._from[room]})

    async def _look(self, room: str, **query: str) -> dict[str, Any]:
        return await self._looker.call("GET", f"{ROOMS}/{quote(room)}/messages", **query)

    def _take(self, event: Mapping[str, Any]) -> None:
        relation = event["content"].get("m.relates_to", {})
        target = relation.get("m.in_reply_to", {}).get("event_id")
        if event["sender"] == self._bot and target is not None:
            self.replies[target] += 1
            self.last = max(self.last, event["origin_server_ts"] / 1000)


async def until_answered(answers: Answers, expected: int) -> None:
    """Look until all are answered, or nothing new came for some seconds."""
    known, since = -1, time.monotonic()
    while (now := await answers.look()) < expected:
        if now > known:
            known, since = now, time.monotonic()
        elif time.monotonic() - since > PATIENCE:
            return
        await asyncio.sleep(LOOK)


async def measure(scene: Scene, rounds: int, commands: int) -> list[Figure]:
    """Measure bursts of so many commands, each bot in turns with the homeserver alone."""
    async with AsyncExitStack() as stack:
        names = [*(f"sender{n}" for n in range(SENDERS)), "mouth"]
        *senders, mouth = await enter(stack, [scene.person(name) for name in names])
        rooms = {bot: [await scene.room(bot, senders) for _ in range(ROOMS_EACH)] for bot in BOTS}
        everybody = [*senders, mouth]
        rooms[NOBODY] = [await scene.room(None, everybody) for _ in range(ROOMS_EACH)]
        await few_at_once(_get_ready(one, rooms) for one in everybody)
        bursts: dict[str, list[Burst]] = {name: [] for name in rooms}
        for _ in range(rounds):
            for name, places in rooms.items():
                said = [await _prepare(s, places, n, commands) for n, s in enumerate(senders)]
                if name == NOBODY:
                    bursts[name].append(await _alone(scene, mouth, senders, said, places))
                else:
                    bursts[name].append(await _burst(scene, name, senders, said, places))
    return _figures(bursts, commands)


async def _get_ready(sender: Sender, rooms: Mapping[str, Sequence[str]]) -> None:
    """Learn who is in the rooms and give them keys."""
    await sender.member.look()
    for room in (room for places in rooms.values() for room in places):
        if room in sender.member.client.rooms:
            await sender.share(room)


async def _prepare(
    sender: Sender, rooms: Sequence[str], place: int, commands: int
) -> list[Prepared]:
    """Encrypt this sender's share of the commands, over the rooms in turns."""
    numbers = range(place, commands, SENDERS)
    return [await sender.prepare(rooms[n % len(rooms)], COMMAND) for n in range(len(numbers))]


async def _burst(
    scene: Scene,
    name: str,
    senders: Sequence[Sender],
    said: Sequence[Sequence[Prepared]],
    rooms: Sequence[str],
) -> Burst:
    bot = scene.bots[name]
    answers = Answers(senders[0], bot.user, rooms)
    await answers.begin()
    forget_peak(bot.pid)
    before, server_before = read_usage(bot.pid), read_usage(scene.server.pid)
    began = time.time()
    pairs = zip(senders, said, strict=True)
    sent = [one for ids in await asyncio.gather(*(s.send_all(p) for s, p in pairs)) for one in ids]
    await until_answered(answers, len(sent))
    after, server_after = read_usage(bot.pid), read_usage(scene.server.pid)
    counts = [answers.replies[event] for event in sent]
    return Burst(
        seconds=answers.last - began,
        answered=len(counts) - counts.count(0),
        lost=counts.count(0),
        doubled=sum(count > 1 for count in counts),
        cpu=after.cpu - before.cpu,
        server_cpu=server_after.cpu - server_before.cpu,
        peak=read_peak(bot.pid),
    )


async def _alone(
    scene: Scene,
    mouth: Sender,
    senders: Sequence[Sender],
    said: Sequence[Sequence[Prepared]],
    rooms: Sequence[str],
) -> Burst:
    """The same sends with nobody who reads: in each room answers go one after the other."""
    count = sum(map(len, said))
    shares = [range(n, count, len(rooms)) for n in range(len(rooms))]
    answers = [
        [await mouth.prepare(room, COMMAND) for _ in share]
        for room, share in zip(rooms, shares, strict=True)
    ]
    before, began = read_usage(scene.server.pid), time.time()
    pairs = [*zip(senders, said, strict=True), *((mouth, one) for one in answers)]
    await asyncio.gather(*(sender.send_all(prepared) for sender, prepared in pairs))
    took = time.time() - began
    cpu = read_usage(scene.server.pid).cpu - before.cpu
    return Burst(took, count, 0, 0, 0.0, cpu, 0.0)


def _figures(bursts: Mapping[str, Sequence[Burst]], commands: int) -> list[Figure]:
    """Make the figures; `share` is what the homeserver alone takes, over what it took."""
    bots = {name: found for name, found in bursts.items() if name != NOBODY}
    alone = [one.seconds for one in bursts[NOBODY]]

    def of(name: str, unit: str, value: str, goal: Goal | None = None, per: int = 1) -> Figure:
        rounds = {
            bot: [getattr(one, value) / per * (1000 if per > 1 else 1) for one in found]
            for bot, found in bots.items()
        }
        return Figure(POINT, f"burst of {commands}: {name}", unit, rounds, goal)

    shares = {
        bot: [
            rate * one.answered / commands / one.seconds
            for rate, one in zip(alone, found, strict=True)
        ]
        for bot, found in bots.items()
    }
    rates = {bot: [one.answered / one.seconds for one in found] for bot, found in bots.items()}
    rates[NOBODY] = [commands / seconds for seconds in alone]
    return [
        of("answered", "", "answered", Goal(commands, at_least=True)),
        of("lost", "", "lost", Goal(0)),
        of("doubled", "", "doubled", Goal(0)),
        Figure(POINT, f"burst of {commands}: answers", "/s", rates),
        Figure(
            POINT,
            f"burst of {commands}: share of the homeserver's own rate",
            "",
            shares,
            Goal(0.95, at_least=True),
        ),
        of("processor time of a command", "ms", "cpu", Goal(0.5, "maubot"), per=commands),
        of("homeserver's processor time of a command", "ms", "server_cpu", per=commands),
        of("peak memory", "MiB", "peak"),
    ]
