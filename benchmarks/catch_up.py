"""Point 3: what waits after an outage, when the bot comes back.

The bot is off while eight people write commands in many rooms, as fast as the homeserver takes
them: that is the homeserver's own rate.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from benchmarks.answers import Answers, who_lost_many
from benchmarks.figures import Figure, Goal
from benchmarks.processes import read_peak, read_usage
from benchmarks.round_trip import COMMAND
from benchmarks.scene import OURS, Scene
from benchmarks.senders import Prepared, Sender, enter, few_at_once

POINT = 3
SENDERS = 8
FIRST_WITHIN = 120.0
"""Seconds that a bot may take to its first answer."""


@dataclass(frozen=True, slots=True)
class CatchUp:
    """What came of one outage; times in seconds, but `cpu` in ms a command; memory in MiB. None
    where there was no answer."""

    answered: int
    lost: int
    doubled: int
    first: float | None
    whole: float | None
    rate: float
    server_rate: float
    cpu: float
    peak: float


async def measure(scene: Scene, sizes: Mapping[str, tuple[int, int]]) -> list[Figure]:
    """Measure one outage for each bot; `sizes` has the number of its commands and of its rooms."""
    async with AsyncExitStack() as stack:
        senders = await enter(stack, [scene.person(f"waiting{n}") for n in range(SENDERS)])
        found = {bot: await _outage(scene, bot, senders, *size) for bot, size in sizes.items()}
    return _figures(found, sizes)


async def _outage(
    scene: Scene, name: str, senders: Sequence[Sender], commands: int, rooms: int
) -> CatchUp:
    bot = scene.bots[name]
    owners = [senders[n % len(senders)] for n in range(rooms)]
    places = [(await scene.room(name, [owner]), owner) for owner in owners]
    await few_at_once(sender.member.look() for sender in senders)
    await few_at_once(owner.share(room) for room, owner in places)
    answers = Answers(scene.watcher.call, bot.user, [room for room, _owner in places])
    async with scene.silence():
        await answers.begin()
        await bot.kill()
        sent, server_rate = await _say(places, commands)
        began = time.time()
        await bot.start()
        await answers.until(commands, FIRST_WITHIN)
    count = answers.count(sent)
    return CatchUp(
        *count,
        first=answers.first - began if count.answered else None,
        whole=answers.last - began if count.answered else None,
        rate=count.answered / (answers.last - answers.first) if count.answered > 1 else 0.0,
        server_rate=server_rate,
        cpu=1000 * read_usage(bot.pid).cpu / max(count.answered, 1),
        peak=read_peak(bot.pid),
    )


async def _say(places: Sequence[tuple[str, Sender]], commands: int) -> tuple[list[str], float]:
    """Say so many commands, in the rooms in turns. Return their events, and how many a second."""
    said: dict[Sender, list[Prepared]] = {}
    for n in range(commands):
        room, owner = places[n % len(places)]
        said.setdefault(owner, []).append(await owner.prepare(room, COMMAND))
    began = time.time()
    ids = await asyncio.gather(*(owner.send_all(one) for owner, one in said.items()))
    return [event for one in ids for event in one], commands / (time.time() - began)


def _figures(found: Mapping[str, CatchUp], sizes: Mapping[str, tuple[int, int]]) -> list[Figure]:
    commands, rooms = sizes[OURS]
    title = f"{commands} waiting in {rooms} rooms"
    for other in dict.fromkeys(size for size in sizes.values() if size != sizes[OURS]):
        title += " (others: {} in {})".format(*other)
    incomparable = {
        bot: f"{waiting} commands waited for it in {places} rooms, and not {commands} in {rooms}"
        for bot, (waiting, places) in sizes.items()
        if (waiting, places) != sizes[OURS]
    }
    answered = {bot: one.answered for bot, one in found.items()}
    incomparable = who_lost_many(answered, commands) | incomparable

    def of(
        name: str, unit: str, values: Mapping[str, float | None], goal: Goal | None = None
    ) -> Figure:
        rounds = {bot: [value] for bot, value in values.items()}
        silent = [f"{bot} gave no answer." for bot, value in values.items() if value is None]
        return Figure(POINT, f"{title}: {name}", unit, rounds, goal, silent, incomparable)

    def each(value: str) -> dict[str, float | None]:
        return {bot: getattr(one, value) for bot, one in found.items()}

    shares = {bot: one.rate / one.server_rate for bot, one in found.items()}
    return [
        of("lost", "", each("lost"), Goal(0)),
        of("doubled", "", each("doubled"), Goal(0)),
        of("start to first answer", "s", each("first")),
        of("start to last answer", "s", each("whole")),
        of("answers", "/s", each("rate")),
        of("sends that the homeserver takes alone", "/s", each("server_rate")),
        of("share of that rate", "", shares),
        of("processor time of a command, with the start", "ms", each("cpu")),
        of("peak memory", "MiB", each("peak")),
    ]
