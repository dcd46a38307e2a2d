"""Point 2: many commands at once, by eight people in several rooms.

Who is measured has rooms of its own with the same people. `nobody` are the rooms where the
homeserver takes the same commands, and as many answers by an account that reads nothing: the rate
that no bot can exceed. It is measured right before each bot, for a machine's pace changes.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from operator import attrgetter

from benchmarks.answers import Answers, who_lost_many
from benchmarks.figures import Figure, Goal
from benchmarks.processes import forget_peak, read_peak, read_usage
from benchmarks.round_trip import COMMAND
from benchmarks.scene import Scene
from benchmarks.senders import Prepared, Sender, enter, few_at_once

POINT = 2
SENDERS, ROOMS_EACH = 8, 4
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Burst:
    """What came of one burst. Processor time in seconds, memory in MiB."""

    answered: int
    lost: int
    doubled: int
    seconds: float
    cpu: float
    server_cpu: float
    peak: float


async def measure(scene: Scene, rounds: int, commands: int) -> list[Figure]:
    """Measure bursts of so many commands: in each round every bot, each after the homeserver
    alone."""
    async with AsyncExitStack() as stack:
        names = [*(f"sender{n}" for n in range(SENDERS)), "mouth"]
        *senders, mouth = await enter(stack, [scene.person(name) for name in names])
        rooms = {
            bot: [await scene.room(bot, senders) for _ in range(ROOMS_EACH)] for bot in scene.bots
        }
        everybody = [*senders, mouth]
        rooms[NOBODY] = [await scene.room(None, everybody) for _ in range(ROOMS_EACH)]
        await few_at_once(_get_ready(one, rooms) for one in everybody)
        bursts: dict[str, list[Burst]] = {name: [] for name in rooms}
        await stack.enter_async_context(scene.silence())
        for name in in_turns(scene.bots, rounds):
            places = rooms[name]
            said = [await _prepare(s, places, n, commands) for n, s in enumerate(senders)]
            if name == NOBODY:
                bursts[name].append(await _alone(scene, mouth, senders, said, places))
            else:
                bursts[name].append(await _burst(scene, name, senders, said, places))
    return _figures(bursts, commands)


def in_turns(bots: Iterable[str], rounds: int) -> list[str]:
    """Return who has each burst, in order: before each bot the homeserver alone."""
    return [name for bot in bots for name in (NOBODY, bot)] * rounds


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
    answers = Answers(senders[0].call, bot.user, rooms)
    await answers.begin()
    forget_peak(bot.pid)
    before, server_before = read_usage(bot.pid), read_usage(scene.server.pid)
    began = time.time()
    pairs = zip(senders, said, strict=True)
    sent = [one for ids in await asyncio.gather(*(s.send_all(p) for s, p in pairs)) for one in ids]
    await answers.until(len(sent))
    after, server_after = read_usage(bot.pid), read_usage(scene.server.pid)
    return Burst(
        *answers.count(sent),
        seconds=answers.last - began,
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
    return Burst(count, 0, 0, took, 0.0, cpu, 0.0)


def _figures(bursts: Mapping[str, Sequence[Burst]], commands: int) -> list[Figure]:
    """Make the figures of bursts in turns; the share is what the homeserver alone needed right
    before, over what it took."""
    bots = {name: found for name, found in bursts.items() if name != NOBODY}
    alone = [one.seconds for one in bursts[NOBODY]]
    before = {bot: alone[n :: len(bots)] for n, bot in enumerate(bots)}
    rates = {bot: [one.answered / one.seconds for one in found] for bot, found in bursts.items()}
    shares = {
        bot: [
            seconds * one.answered / commands / one.seconds
            for seconds, one in zip(before[bot], found, strict=True)
        ]
        for bot, found in bots.items()
    }

    answered = {bot: sum(one.answered for one in found) for bot, found in bots.items()}
    lossy = who_lost_many(answered, commands * len(alone) // len(bots))

    def figure(
        name: str, unit: str, rounds: Mapping[str, list[float]], goal: Goal | None
    ) -> Figure:
        title = f"burst of {commands}: {name}"
        return Figure(POINT, title, unit, rounds, goal, incomparable=lossy)

    return [
        figure("answers", "/s", rates, None),
        figure("share of the homeserver's own rate", "", shares, Goal(0.95, at_least=True)),
        *(
            figure(
                name, unit, {b: [value(one) for one in found] for b, found in bots.items()}, goal
            )
            for name, unit, value, goal in VALUES
        ),
    ]


def _of_each(name: str) -> Callable[[Burst], float]:
    """Return what gives a value in ms for each answer."""
    return lambda one: 1000 * float(getattr(one, name)) / max(one.answered, 1)


VALUES: tuple[tuple[str, str, Callable[[Burst], float], Goal | None], ...] = (
    ("answered", "", attrgetter("answered"), None),
    ("lost", "", attrgetter("lost"), Goal(0)),
    ("doubled", "", attrgetter("doubled"), Goal(0)),
    ("processor time of an answer", "ms", _of_each("cpu"), Goal(0.5, "maubot")),
    ("homeserver's processor time of an answer", "ms", _of_each("server_cpu"), None),
    ("peak memory", "MiB", attrgetter("peak"), None),
)
"""What is told of each burst: its name, unit, value and goal."""
