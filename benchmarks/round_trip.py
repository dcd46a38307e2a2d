"""Point 1: how long a command takes, there and back, in an encrypted room; and where the time goes.

Each bot has a room with the same member, who asks them in turns.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from benchmarks.bots import ROOT, Bot
from benchmarks.figures import Figure, Goal
from benchmarks.older import LOAD_CAPABILITIES
from benchmarks.processes import read_usage
from benchmarks.scene import OURS, Scene
from benchmarks.tracing import Span, read_spans
from tests.real.plain import Member

COMMAND = "!pendientes"
WARM_UP = 5
SERIES = 20
"""Commands to each bot of which the processor time is taken together: what a bot does only now and
then belongs to it too."""
POINT = 1
LOADED = f"""
import sys
{LOAD_CAPABILITIES}
import bot.operate.cli
print(sum(name.partition(".")[0] == "benchmarks" for name in sys.modules))
"""
"""Prints how many modules of this folder our bot has loaded."""


async def ask(member: Member, room: str, bot: str) -> tuple[float, float]:
    """Say the command. Return when that was begun and the reply heard, by `time.monotonic`."""
    began = time.monotonic()
    await member.send(room, COMMAND)
    await member.hears(
        lambda event: event.type == "m.room.message" and event.reply_to is not None,
        room=room,
        sender=bot,
    )
    return began, time.monotonic()


async def measure(scene: Scene, rounds: int) -> list[Figure]:
    """Measure the round trips of all, then again of ours with tracing."""
    rooms = {name: await scene.room(name) for name in scene.bots}

    async def ask_one(name: str) -> float:
        began, heard = await ask(scene.ana, rooms[name], scene.bots[name].user)
        return heard - began

    took, spent = await ask_in_turns(scene.bots, ask_one, rounds)
    figures = [
        Figure(POINT, "round trip", "ms", took, Goal(1.05, "nio")),
        Figure(POINT, "processor time of a command, asked in turns", "ms", spent),
    ]
    return figures + await measure_parts(scene, rooms[OURS], rounds)


async def ask_in_turns(
    bots: Mapping[str, Bot], ask_one: Callable[[str], Awaitable[float]], rounds: int
) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Ask all bots in turns, so many times each after a warm-up. Return in ms how long each answer
    took, and of each series of them the processor time of one command."""
    took: dict[str, list[float]] = {name: [] for name in bots}
    spent: dict[str, list[float]] = {name: [] for name in bots}
    for _ in range(WARM_UP):
        for name in bots:
            await ask_one(name)
    for _ in range(rounds // SERIES):
        before = {name: read_usage(bot.pid).living for name, bot in bots.items()}
        for _ in range(SERIES):
            for name in bots:
                took[name].append(await ask_one(name) * 1000)
        for name, bot in bots.items():
            spent[name].append((read_usage(bot.pid).living - before[name]) * 1000 / SERIES)
    return took, spent


async def measure_parts(scene: Scene, room: str, rounds: int) -> list[Figure]:
    """Start ours again without, with and without tracing, and ask it so many times each."""
    minga = scene.minga
    spent: dict[str, list[float]] = {"off": [], "on": []}
    parts: dict[str, list[float]] = {}
    for how in ("off", "on", "off"):
        minga.tracing = minga.folder / "spans.jsonl" if how == "on" else None
        await minga.restart()
        asked, cpu = await _ask_often(scene, room, rounds)
        spent[how].append(cpu)
        if minga.tracing is not None:
            spans = read_spans(minga.tracing)
            for name, seconds in (part for one in asked for part in split(one, spans)):
                parts.setdefault(name, []).append(seconds * 1000)
    figures = [
        Figure(POINT, f"its part: {name}", "ms", {OURS: took}) for name, took in parts.items()
    ]
    return [*figures, *trace_figures(spent, await count_loaded())]


async def _ask_often(
    scene: Scene, room: str, rounds: int
) -> tuple[list[tuple[float, float]], float]:
    """Return when each of so many commands began and was heard, and ours' processor time of one,
    in ms. One more is left out: a request may end, and be recorded, after its event was heard."""
    bot = scene.minga
    for _ in range(WARM_UP):
        await ask(scene.ana, room, bot.user)
    before = read_usage(bot.pid).living
    asked = [await ask(scene.ana, room, bot.user) for _ in range(rounds + 1)]
    spent = read_usage(bot.pid).living - before
    return asked[:-1], 1000 * spent / len(asked)


async def count_loaded() -> int:
    """Return how many modules of the benchmarks our bot has loaded once it has all it needs.

    Tracing wraps functions from outside; without a module of these there is no call of it.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", LOADED), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    said, _errors = await process.communicate()
    assert process.returncode == 0, "our bot does not load"
    return int(said)


def trace_figures(spent: Mapping[str, Sequence[float]], loaded: int) -> list[Figure]:
    """Make the figures of what tracing costs, on and off."""
    off, on = (statistics.median(spent[how]) for how in ("off", "on"))
    values = (
        ("processor time of a command, tracing off", "ms", off, None),
        ("processor time of a command, tracing on", "ms", on, None),
        ("the same: on ÷ off", "times", on / off, None),
        ("tracing off: modules of it that the bot has loaded", "", float(loaded), Goal(0)),
    )
    return [Figure(POINT, name, unit, {OURS: [value]}, goal) for name, unit, value, goal in values]


def split(asked: tuple[float, float], spans: list[Span]) -> Iterator[tuple[str, float]]:
    """Yield the parts of one round trip, in order: they add up to the whole.

    `sync` is from the member's wish until our sync has its answer, `send` from our request until
    the member has heard it: either request may end only after the event was passed on. What our
    code does between two steps is `to` the later one.
    """
    began, heard = asked
    within = [span for span in spans if began < span.ended and span.began < heard]
    handle = next(span for span in within if span.name == "handle" and span.began > began)
    steps = [
        max((s for s in within if s.name == name and s.ended <= handle.began), key=_ended)
        for name in ("sync", "decrypt")
    ] + [handle]
    for name in ("commit", "encrypt", "send"):
        after = steps[-1].ended
        steps.append(min((s for s in within if s.name == name and s.began >= after), key=_ended))
    yield "sync", steps[0].ended - began
    for before, step in pairwise(steps):
        yield f"to {step.name}", step.began - before.ended
        yield step.name, (heard if step.name == "send" else step.ended) - step.began


def _ended(span: Span) -> float:
    return span.ended
