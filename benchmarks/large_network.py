"""Points 5 and 7: start and idling with many rooms, where everybody has a signed device.

A bot is invited into all rooms. Then it is killed and starts again on what it kept: warm, beside a
homeserver that goes on; and cold, where the homeserver was just started again too and no file is in
the kernel's memory. So was it for the homeserver's own first sync.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks.bots import MAKERS, PEERS, Bot
from benchmarks.crowd import Crowd
from benchmarks.figures import Figure, Goal
from benchmarks.first_answer import SYNC, Listener, open_room, until_idle
from benchmarks.processes import forget_files, read_memory, read_usage
from benchmarks.relay import Traffic, relay
from benchmarks.round_trip import COMMAND
from benchmarks.scene import BOTS, Scene
from benchmarks.senders import ROOMS, Sender, enter, few_at_once
from bot.matrix.sync.sync_filter import FILTER
from tests.real.servers import token_of

START, IDLE = 5, 7
HOUR = 3600
WITHIN, WITHIN_EACH = 300.0, 10.0
"""Seconds that an answer, and entering each room, may take."""
LOOK = 0.5
AT_REST = 30.0
"""Seconds without work before idling is measured: after a start keys are given ahead, room by room,
and a slow homeserver makes pauses between them."""


@dataclass(frozen=True, slots=True)
class Started:
    """Seconds from the start of the process; memory in MiB when it idles."""

    ready: float | None
    answer: float
    memory: float


@dataclass(frozen=True, slots=True)
class Idling:
    """What an hour without news costs: seconds of processor, wake-ups, KiB of traffic."""

    cpu: float
    wakeups: float
    traffic: float


async def measure(
    scene: Scene, crowd: Crowd, rooms: int, members: int, idle_seconds: int
) -> list[Figure]:
    """Make the network, start each bot on it, and let it idle."""
    async with AsyncExitStack() as stack:
        (asker,) = await enter(stack, [scene.person("early")])
        network = Network(
            scene, asker, await few_at_once(open_room(scene.watcher) for _ in range(rooms))
        )
        await network.fill(crowd, members)
        sync = await network.first_sync()
        entered: dict[str, float] = {}
        starts: dict[str, dict[str, Started]] = {"warm": {}, "cold": {}}
        bots: dict[str, Bot] = {}
        for name in BOTS:
            async with network.bot(name) as bot:
                bots[name] = bot
                entered[name] = await network.enter(bot)
                for how, started in starts.items():
                    started[name] = await network.start_again(bot, cold=how == "cold")
        idle = await let_idle(scene, bots, idle_seconds)
    title = f"{rooms} rooms, {members} members"
    return [
        *_start_figures(title, sync, entered, starts),
        *_idle_figures(f"{title}: an idle hour (of {idle_seconds} s)", idle),
    ]


class Network:
    """Rooms that anybody may enter, of which the first is the one where the bot is asked."""

    def __init__(self, scene: Scene, asker: Sender, rooms: list[str]) -> None:
        self._scene = scene
        self._asker = asker
        self._rooms = rooms
        self._folder = scene.folder / "network"
        self._folder.mkdir()
        self._token = ""

    async def fill(self, crowd: Crowd, members: int) -> None:
        """Let in the members, each into one room, and the one who asks into the first."""
        people = await crowd.grow(members, 1)
        count = len(self._rooms)
        shares = [people[n::count] for n in range(count)]
        pairs = zip(self._rooms, shares, strict=True)
        await few_at_once((crowd.join(room, some) for room, some in pairs), limit=2)
        await self._asker.call("POST", f"/_matrix/client/v3/join/{quote(self._rooms[0])}", {})
        await self._asker.member.look()

    async def first_sync(self) -> float:
        """Return the seconds of the homeserver's own first sync, freshly started."""
        await self._chill()
        began = time.monotonic()
        await self._scene.watcher.call("GET", SYNC, filter=FILTER, timeout="0")
        return time.monotonic() - began

    @asynccontextmanager
    async def bot(self, name: str) -> AsyncIterator[Bot]:
        """A bot that runs for the first time, in no room."""
        person = self._scene.person(f"early-{name}")
        self._token = token_of(person, "LOOKER")
        bot = MAKERS[name](self._folder / name, person, self._scene.watcher.id)
        try:
            await bot.start()
            yield bot
        finally:
            await bot.kill()

    async def enter(self, bot: Bot) -> float:
        """Invite it into all rooms. Return the seconds until it is in them."""
        await until_idle(bot.pid)
        began = time.monotonic()
        body = {"user_id": bot.user}
        paths = [f"{ROOMS}/{quote(room)}/invite" for room in self._rooms]
        await few_at_once(self._scene.watcher.call("POST", path, body) for path in paths)
        async with asyncio.timeout(len(self._rooms) * WITHIN_EACH):
            while await self._count_joined() < len(self._rooms):  # noqa: ASYNC110
                await asyncio.sleep(LOOK)  # nothing tells us of others' rooms
        took = time.monotonic() - began
        await self._ask_server("POST", "logout", {})
        await until_idle(bot.pid)
        self._listener = Listener(self._scene.watcher, self._rooms[0], bot.user)
        await self._asker.share_with(self._rooms[0], [bot.user])
        await self._listener.ask(self._asker, WITHIN)
        return took

    async def start_again(self, bot: Bot, *, cold: bool) -> Started:
        """Kill it, and start it on its data while a command waits."""
        await bot.kill()
        await self._listener.begin()
        command = await self._asker.send(await self._asker.prepare(self._rooms[0], COMMAND))
        if cold:
            await self._chill()
        began = time.monotonic()
        await bot.start()
        answering = asyncio.create_task(self._listener.until_answered(command, WITHIN))
        ready = None
        if bot.says_ready:
            await bot.ready(WITHIN)
            ready = time.monotonic() - began
        await answering
        answer = time.monotonic() - began
        await until_idle(bot.pid)
        return Started(ready, answer, read_memory(bot.pid))

    async def _chill(self) -> None:
        """Start the homeserver again, with no file of it or of the bots in the kernel's memory."""
        await asyncio.to_thread(self._scene.server.stop)
        for folder in (self._scene.folder, Path(sys.prefix), PEERS.parents[1]):
            await asyncio.to_thread(forget_files, folder)
        await asyncio.to_thread(self._scene.server.start)

    async def _count_joined(self) -> int:
        return len((await self._ask_server("GET", "joined_rooms"))["joined_rooms"])

    async def _ask_server(self, method: str, what: str, body: object = None) -> dict[str, Any]:
        """Make a request as the bot's account, by a device that looks and then goes."""
        path = f"/_matrix/client/v3/{what}"
        return await asyncio.to_thread(self._scene.server.call, method, path, body, self._token)


async def let_idle(scene: Scene, bots: Mapping[str, Bot], seconds: int) -> dict[str, Idling]:
    """Let all idle beside each other, each behind a relay; scaled up to an hour."""
    async with AsyncExitStack() as stack:
        passed: dict[str, Traffic] = {}
        for name, bot in bots.items():
            passed[name] = await stack.enter_async_context(relay(scene.server.port))
            bot.reach_by(passed[name].url)
            stack.push_async_callback(bot.kill)
            await bot.start()
        for bot in bots.values():
            await until_idle(bot.pid, AT_REST)
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
    sync: float,
    entered: Mapping[str, float],
    starts: Mapping[str, Mapping[str, Started]],
) -> list[Figure]:
    def of(name: str, unit: str, found: Mapping[str, float], goal: Goal | None = None) -> Figure:
        rounds = {bot: [value] for bot, value in found.items()}
        return Figure(START, f"{title}: {name}", unit, rounds, goal)

    figures = [
        of("the homeserver's own first /sync", "s", {"homeserver": sync}),
        of("invited until in all rooms", "s", entered),
    ]
    for how, started in starts.items():
        ready = {bot: one.ready for bot, one in started.items() if one.ready is not None}
        answer = {bot: one.answer for bot, one in started.items()}
        memory = {bot: one.memory for bot, one in started.items()}
        figures += [
            of(f"{how} start to ready", "s", ready),
            of(f"{how} start to first answer", "s", answer, Goal(round(sync + 2, 2))),
            of(f"memory after a {how} start", "MiB", memory, Goal(120)),
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
