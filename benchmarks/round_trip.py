"""Point 1: how long a command takes, there and back, in an encrypted room; and where the time goes.

Each bot has a room with the same member, who asks them in turns.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import pairwise

from benchmarks.figures import Figure, Goal
from benchmarks.scene import OURS, Scene
from benchmarks.tracing import Span, read_spans
from tests.real.plain import Member

COMMAND = "!pendientes"
WARM_UP = 5
POINT = 1


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
    took: dict[str, list[float]] = {name: [] for name in scene.bots}
    for turn in range(WARM_UP + rounds):
        for name, room in rooms.items():
            began, heard = await ask(scene.ana, room, scene.bots[name].user)
            if turn >= WARM_UP:
                took[name].append((heard - began) * 1000)
    figures = [Figure(POINT, "round trip", "ms", took, Goal(1.05, "nio"))]
    return figures + await measure_parts(scene, rooms[OURS], rounds)


async def measure_parts(scene: Scene, room: str, rounds: int) -> list[Figure]:
    """Start ours again with tracing, and ask it so many times."""
    minga = scene.minga
    minga.tracing = minga.folder / "spans.jsonl"
    await minga.restart()
    # One more, left out: a request may end, and be recorded, after its event was heard.
    asked = [await ask(scene.ana, room, minga.user) for _ in range(WARM_UP + rounds + 1)]
    spans = read_spans(minga.tracing)
    minga.tracing = None
    await minga.restart()
    parts: dict[str, list[float]] = {}
    for one in asked[WARM_UP:-1]:
        for name, seconds in split(one, spans):
            parts.setdefault(name, []).append(seconds * 1000)
    return [Figure(POINT, f"its part: {name}", "ms", {OURS: took}) for name, took in parts.items()]


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
