"""Points 5 and 7: start and idling with many rooms, where everybody has a signed device.

A bot is invited into all rooms, and ended. Then all start in turns on what they kept, their place
in the sync too: warm, beside a homeserver that goes on; and cold, where the homeserver was just
started again too and no file is in the kernel's memory. So is it for the homeserver's own first
sync, which has no place to go on from and is made as often as each start. Each bot is asked in a
room that the others are not in: none finds the others' commands when it starts.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks.bots import PEERS, Bot
from benchmarks.crowd import Crowd
from benchmarks.figures import Figure, Goal, Rounds
from benchmarks.first_answer import SYNC, Listener, open_room, until_idle
from benchmarks.processes import forget_files, read_memory, read_usage
from benchmarks.relay import Traffic, relay
from benchmarks.round_trip import COMMAND
from benchmarks.scene import Scene
from benchmarks.senders import ROOMS, Sender, enter, few_at_once
from bot.matrix.sync.sync_filter import FILTER
from tests.real.servers import token_of

START, IDLE = 5, 7
HOUR = 3600
WITHIN, WITHIN_EACH = 300.0, 10.0
"""Seconds that an answer, and entering each room, may take."""
LOOK = 0.5
MIB, MB = 2**20, 10**6
AT_REST = 30.0
"""Seconds without work before idling is measured, at most a third of what is measured: after a
start keys are given ahead, room by room, and a slow homeserver makes pauses between them."""


@dataclass(frozen=True, slots=True)
class Started:
    """Seconds from the start of the process; memory in MB when it idles. None where the bot fell
    silent before, and why it counts as silent."""

    ready: float | None
    answer: float | None = None
    memory: float | None = None
    silent: str = ""


@dataclass(frozen=True, slots=True)
class Idling:
    """What an hour without news costs: seconds of processor, wake-ups, KiB of traffic."""

    cpu: float
    wakeups: float
    traffic: float


async def measure(
    scene: Scene, crowd: Crowd, rooms: int, members: int, idle_seconds: int, turns: int
) -> list[Figure]:
    """Make the network, start each bot on it so many times warm and cold, and let it idle."""
    async with AsyncExitStack() as stack:
        (asker,) = await enter(stack, [scene.person("early")])
        network = Network(scene, asker)
        await network.fill(crowd, rooms, members)
        sync = [await network.first_sync() for _ in range(turns)]
        places, outside = [], []
        for name in scene.makers:
            try:
                places.append(await network.enter(name))
            except TimeoutError as silent:
                outside.append(f"{name} was not measured: {silent}.")
        starts: dict[str, dict[str, list[Started]]] = {"warm": {}, "cold": {}}
        for how in ["warm"] * turns + ["cold"] * turns:  # a cold start chills the others' files too
            for place in places:
                started = await network.start_again(place, cold=how == "cold")
                starts[how].setdefault(place.name, []).append(started)
        bots = {place.name: place.bot for place in places}
        idle = await let_idle(scene, bots, idle_seconds)
    title = f"{rooms} rooms, {members} members"
    return [
        *_start_figures(title, sync, places, outside, starts),
        *_idle_figures(f"{title}: an idle hour (of {idle_seconds} s)", idle),
    ]


@dataclass(frozen=True, slots=True)
class Place:
    """A bot in the network, the room where it is asked, and the seconds until it was in all."""

    name: str
    bot: Bot
    room: str
    listener: Listener
    entered: float


class Network:
    """Rooms that anybody may enter: some that all bots share, and one of each bot's own."""

    def __init__(self, scene: Scene, asker: Sender) -> None:
        self._scene = scene
        self._asker = asker
        self._shared: list[str] = []
        self._own: dict[str, str] = {}
        self._folder = scene.folder / "network"
        self._folder.mkdir()

    async def fill(self, crowd: Crowd, rooms: int, members: int) -> None:
        """Make so many rooms for a bot to be in, its own among them, and let in the members.

        Each of them enters one shared room, or the own rooms of all bots. The asker enters these.
        """
        names = self._scene.makers
        made = await few_at_once(
            open_room(self._scene.watcher) for _ in range(rooms - 1 + len(names))
        )
        self._own = dict(zip(names, made, strict=False))
        self._shared = made[len(names) :]
        people = await crowd.grow(members, 1)
        shares = [people[n::rooms] for n in range(rooms)]
        pairs = [*zip(self._shared, shares[1:], strict=True)]
        pairs += [(room, shares[0]) for room in self._own.values()]
        await few_at_once((crowd.join(room, some) for room, some in pairs), limit=2)
        for room in self._own.values():
            await self._asker.call("POST", f"/_matrix/client/v3/join/{quote(room)}", {})
        await self._asker.member.look()

    async def first_sync(self) -> float:
        """Return the seconds of the homeserver's own first sync, freshly started."""
        await self._chill()
        began = time.monotonic()
        await self._scene.watcher.call("GET", SYNC, filter=FILTER, timeout="0")
        return time.monotonic() - began

    async def enter(self, name: str) -> Place:
        """Run a bot for the first time, invite it into all its rooms, ask it, and end it."""
        person, room = self._scene.person(f"early-{name}"), self._own[name]
        bot = self._scene.makers[name](self._folder / name, person, self._scene.watcher.id)
        try:
            await bot.start()
            await until_idle(bot.pid)
            entered = await self._invite(bot, [room, *self._shared], token_of(person, "LOOKER"))
            await until_idle(bot.pid)
            listener = Listener(self._scene.watcher, room, bot.user)
            await self._asker.share_with(room, [bot.user])
            await listener.ask(self._asker, WITHIN)
        finally:
            await bot.kill()
        return Place(name, bot, room, listener, entered)

    async def _invite(self, bot: Bot, rooms: Sequence[str], token: str) -> float:
        """Return the seconds until it is in the rooms. The token of its account ends then."""
        began = time.monotonic()
        body = {"user_id": bot.user}
        paths = [f"{ROOMS}/{quote(room)}/invite" for room in rooms]
        await few_at_once(self._scene.watcher.call("POST", path, body) for path in paths)
        limit = len(rooms) * WITHIN_EACH
        while (joined := await self._count_joined(token)) < len(rooms):
            if time.monotonic() - began > limit:
                raise TimeoutError(f"{bot.user} came into {joined} rooms in {limit:.0f} s")
            await asyncio.sleep(LOOK)  # nothing tells us of others' rooms
        took = time.monotonic() - began
        await self._ask_server("POST", "logout", token, {})
        return took

    async def start_again(self, place: Place, *, cold: bool) -> Started:
        """Start a bot on its data while a command waits, and end it when it idles."""
        bot, listener = place.bot, place.listener
        await listener.begin()
        command = await self._asker.send(await self._asker.prepare(place.room, COMMAND))
        if cold:
            await self._chill()
        began = time.monotonic()
        ready = answering = None
        try:
            await bot.start()
            answered = _seconds_until(listener.until_answered(command, WITHIN), began)
            answering = asyncio.create_task(answered)
            if bot.says_ready:
                ready = await _seconds_until(bot.ready(WITHIN), began)
            answer = await answering
            await until_idle(bot.pid)
            return Started(ready, answer, read_memory(bot.pid) * MIB / MB)
        except TimeoutError as silent:
            return Started(ready, silent=str(silent))
        finally:
            if answering is not None:
                answering.cancel()
            await bot.kill()

    async def _chill(self) -> None:
        """Start the homeserver again, with no file of it or of the bots in the kernel's memory."""
        await asyncio.to_thread(self._scene.server.stop)
        for folder in (self._scene.folder, Path(sys.prefix), PEERS.parents[1]):
            await asyncio.to_thread(forget_files, folder)
        await asyncio.to_thread(self._scene.server.start)

    async def _count_joined(self, token: str) -> int:
        return len((await self._ask_server("GET", "joined_rooms", token))["joined_rooms"])

    async def _ask_server(
        self, method: str, what: str, token: str, body: object = None
    ) -> dict[str, Any]:
        """Make a request as the token's account."""
        path = f"/_matrix/client/v3/{what}"
        return await asyncio.to_thread(self._scene.server.call, method, path, body, token)


async def _seconds_until(event: Awaitable[None], began: float) -> float:
    """Return how long after `began` this came, whatever else is awaited meanwhile."""
    await event
    return time.monotonic() - began


async def let_idle(scene: Scene, bots: Mapping[str, Bot], seconds: int) -> dict[str, Idling]:
    """Let all idle beside each other, each behind a relay; scaled up to an hour."""
    async with AsyncExitStack() as stack:
        passed: dict[str, Traffic] = {}
        for name, bot in bots.items():
            passed[name] = await stack.enter_async_context(relay(scene.server.port))
            bot.reach_by(passed[name].url)
            stack.push_async_callback(bot.kill)
            await bot.start()
        rest = min(AT_REST, seconds / 3)
        await asyncio.gather(*(until_idle(bot.pid, rest) for bot in bots.values()))
        begun = {name: _count(bot, passed[name]) for name, bot in bots.items()}
        await asyncio.sleep(seconds)  # what is measured is how little they do meanwhile
        ended = {name: _count(bot, passed[name]) for name, bot in bots.items()}
    return {
        name: Idling(
            *((e - b) * HOUR / seconds for b, e in zip(begun[name], ended[name], strict=True))
        )
        for name in bots
    }


def _count(bot: Bot, traffic: Traffic) -> tuple[float, float, float]:
    """Return what an `Idling` is of, since the start."""
    usage = read_usage(bot.pid)
    return usage.living, usage.wakeups, traffic.total / 1024


def _start_figures(
    title: str,
    sync: Sequence[float],
    places: Sequence[Place],
    outside: Sequence[str],
    starts: Mapping[str, Mapping[str, Sequence[Started]]],
) -> list[Figure]:
    def of(name: str, unit: str, rounds: Rounds, *missing: str, goal: Goal | None = None) -> Figure:
        return Figure(START, f"{title}: {name}", unit, rounds, goal, missing)

    entered = {place.name: [place.entered] for place in places}
    figures = [
        of("the homeserver's own first /sync", "s", {"homeserver": sync}),
        of("invited until in all rooms", "s", entered, *outside),
    ]
    for how, started in starts.items():
        silent = [
            f"{how} start {turn}: {one.silent}."
            for ones in started.values()
            for turn, one in enumerate(ones, 1)
            if one.silent
        ]
        ready = {
            bot: found for bot, ones in started.items() if any(found := [one.ready for one in ones])
        }
        answer = {bot: [one.answer for one in ones] for bot, ones in started.items()}
        memory = {bot: [one.memory for one in ones] for bot, ones in started.items()}
        soon = Goal(round(statistics.median(sync) + 2, 2))
        figures += [
            of(f"{how} start to ready", "s", ready),
            of(f"{how} start to first answer", "s", answer, *silent, goal=soon),
            of(f"memory after a {how} start", "MB", memory, *silent, goal=Goal(120)),
        ]
    return figures


def _idle_figures(title: str, idle: Mapping[str, Idling]) -> list[Figure]:
    values = (
        ("processor time", "s", "cpu"),
        ("wake-ups", "", "wakeups"),
        ("traffic", "KiB", "traffic"),
    )
    return [
        Figure(
            IDLE,
            f"{title}: {name}",
            unit,
            {bot: [getattr(one, value)] for bot, one in idle.items()},
        )
        for name, unit, value in values
    ]
