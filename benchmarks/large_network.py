"""Points 5 and 7: start and idling with many rooms, where everybody has a signed device.

A bot starts cold, on no data, its account in all rooms; and warm, on what it kept. Before each cold
start the homeserver is started again, so that it has nothing ready for the next one.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from urllib.parse import quote

import aiohttp

from benchmarks.bots import MAKERS, Bot
from benchmarks.crowd import Crowd
from benchmarks.figures import Figure, Goal
from benchmarks.first_answer import SYNC, Listener, open_room, until_idle
from benchmarks.processes import read_memory, read_usage
from benchmarks.relay import relay
from benchmarks.round_trip import COMMAND
from benchmarks.scene import BOTS, Scene
from benchmarks.senders import Sender, enter, few_at_once
from bot.matrix.sync.sync_loop import FILTER
from tests.real.servers import Person, token_of

START, IDLE = 5, 7
HOUR = 3600
WITHIN = 300.0


@dataclass(frozen=True, slots=True)
class Started:
    """Seconds from the start of the process; memory in MiB when it idles."""

    ready: float | None
    answer: float
    memory: float


@dataclass(frozen=True, slots=True)
class Idling:
    """What an hour without news costs: seconds of processor, wake-ups, bytes."""

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
        cold: dict[str, Started] = {}
        warm: dict[str, Started] = {}
        idle: dict[str, Idling] = {}
        for name in BOTS:
            async with network.bot(name) as bot:
                cold[name] = await network.start_cold(bot)
                warm[name] = await network.start_warm(bot)
                idle[name] = await idle_by_relay(scene, bot, idle_seconds)
    return _figures(f"{rooms} rooms, {members} members", sync, cold, warm, idle, idle_seconds)


class Network:
    """Rooms that anybody may enter, of which the first is the one where the bot is asked."""

    def __init__(self, scene: Scene, asker: Sender, rooms: list[str]) -> None:
        self._scene = scene
        self._asker = asker
        self._rooms = rooms
        self._folder = scene.folder / "network"
        self._folder.mkdir()

    async def fill(self, crowd: Crowd, members: int) -> None:
        """Let in the members, each into one room, and the one who asks into the first."""
        people = await crowd.grow(members, 1)
        count = len(self._rooms)
        shares = [people[n::count] for n in range(count)]
        await few_at_once(crowd.join(r, s) for r, s in zip(self._rooms, shares, strict=True))
        await self._asker.call("POST", f"/_matrix/client/v3/join/{quote(self._rooms[0])}", {})
        await self._asker.member.look()

    async def first_sync(self) -> float:
        """Return the seconds of the homeserver's own first sync, freshly started."""
        await asyncio.to_thread(self._scene.server.restart)
        began = time.monotonic()
        await self._scene.watcher.call("GET", SYNC, filter=FILTER, timeout="0")
        return time.monotonic() - began

    @asynccontextmanager
    async def bot(self, name: str) -> AsyncIterator[Bot]:
        """A bot that never ran, whose account is in all rooms."""
        person = self._scene.person(f"early-{name}")
        await self._join_all(person)
        bot = MAKERS[name](self._folder / name, person, self._scene.watcher.id)
        try:
            yield bot
        finally:
            await bot.kill()

    async def start_cold(self, bot: Bot) -> Started:
        """Start it on no data. It can be asked once its device is there."""
        await asyncio.to_thread(self._scene.server.restart)
        began = time.monotonic()
        await bot.start()
        ready = await self._ready(bot, began)
        listener = Listener(self._scene.watcher, self._rooms[0], bot.user)
        await self._asker.share_with(self._rooms[0], [bot.user])
        await listener.ask(self._asker, WITHIN)
        answer = time.monotonic() - began
        await until_idle(bot.pid)
        return Started(ready, answer, read_memory(bot.pid))

    async def start_warm(self, bot: Bot) -> Started:
        """Start it again on its data, while a command waits."""
        listener = Listener(self._scene.watcher, self._rooms[0], bot.user)
        await listener.begin()
        await bot.kill()
        command = await self._asker.send(await self._asker.prepare(self._rooms[0], COMMAND))
        began = time.monotonic()
        await bot.start()
        answering = asyncio.create_task(listener.until_answered(command, WITHIN))
        ready = await self._ready(bot, began)
        await answering
        answer = time.monotonic() - began
        await until_idle(bot.pid)
        return Started(ready, answer, read_memory(bot.pid))

    async def _ready(self, bot: Bot, began: float) -> float | None:
        """Return when it says that it is ready; None if it never says so."""
        if not bot.says_ready:
            return None
        await bot.ready(WITHIN)
        return time.monotonic() - began

    async def _join_all(self, person: Person) -> None:
        """Let the account into all rooms, by a device that it gives up."""
        token = token_of(person, "JOINER")
        async with aiohttp.ClientSession(
            person.server.url, headers={"Authorization": f"Bearer {token}"}, raise_for_status=True
        ) as http:
            paths = [f"/_matrix/client/v3/join/{quote(room)}" for room in self._rooms]
            await few_at_once(http.post(path, json={}) for path in paths)
            await http.post("/_matrix/client/v3/logout", json={})


async def idle_by_relay(scene: Scene, bot: Bot, seconds: int) -> Idling:
    """Let it idle with a relay between it and the homeserver; scaled up to an hour."""
    async with relay(scene.server.port) as traffic:
        await bot.kill()
        bot.reach_by(traffic.url)
        await bot.start()
        await until_idle(bot.pid)
        before, passed = read_usage(bot.pid), traffic.total
        await asyncio.sleep(seconds)  # what is measured is how little it does meanwhile
        after = read_usage(bot.pid)
        await bot.kill()
    scale = HOUR / seconds
    return Idling(
        cpu=(after.cpu - before.cpu) * scale,
        wakeups=(after.wakeups - before.wakeups) * scale,
        traffic=(traffic.total - passed) / 1024 * scale,
    )


def _figures(
    title: str,
    sync: float,
    cold: Mapping[str, Started],
    warm: Mapping[str, Started],
    idle: Mapping[str, Idling],
    idle_seconds: int,
) -> list[Figure]:
    def of(
        point: int,
        name: str,
        unit: str,
        found: Mapping[str, float | None],
        goal: Goal | None = None,
    ) -> Figure:
        rounds = {bot: [value] for bot, value in found.items() if value is not None}
        return Figure(point, f"{title}: {name}", unit, rounds, goal)

    figures = [of(START, "the homeserver's own first /sync", "s", {"homeserver": sync})]
    for how, started, goal in (("cold", cold, None), ("warm", warm, Goal(sync + 2))):
        ready = {bot: one.ready for bot, one in started.items()}
        answer = {bot: one.answer for bot, one in started.items()}
        memory = {bot: one.memory for bot, one in started.items()}
        limit = Goal(120) if goal else None
        figures += [
            of(START, f"{how} start to ready", "s", ready),
            of(START, f"{how} start to first answer", "s", answer, goal),
            of(START, f"memory after a {how} start", "MiB", memory, limit),
        ]
    hour = f"an idle hour (of {idle_seconds} s)"
    return [
        *figures,
        of(IDLE, f"{hour}: processor time", "s", {bot: one.cpu for bot, one in idle.items()}),
        of(IDLE, f"{hour}: wake-ups", "", {bot: one.wakeups for bot, one in idle.items()}),
        of(IDLE, f"{hour}: traffic", "KiB", {bot: one.traffic for bot, one in idle.items()}),
    ]
