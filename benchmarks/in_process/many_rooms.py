"""How soon other commands are answered while one poll is written into hundreds of rooms.

`python -m benchmarks.in_process.many_rooms [ROUNDS [ROOMS]]`: a round of a minute writes a poll
into the rooms for five seconds and rests for five, in turns, so that whatever else the machine does
weighs on both. Votes in ten other rooms come at an even pace all the time; each is timed from its
event to its answer at the gateway, which takes as long for a message as a homeserver would.
"""

from __future__ import annotations

import asyncio
import json
import logging
import statistics
import sys
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog

from bot.run.app import features
from bot.testing.fake_gateway import FakeGateway
from bot.testing.fake_machine import FakeClock
from bot.testing.talk import Talk, find_number
from bot.types import EventId, RoomId

ROUNDS, ROOMS = 6, 360
PACE = 0.25
"""Seconds between two votes."""
SEND = 0.03
"""Seconds that the homeserver takes for a message."""
SLICE, SLICES = 5.0, 6
"""Seconds of writing, and then of rest; how many of both a round has."""
HALLS = 10
BOUND = 1.5


class LiveClock(FakeClock):
    """The system's clock, in the place of one that tests set."""

    def now(self) -> datetime:
        """Return the current instant in UTC."""
        return datetime.now(UTC)


@dataclass(slots=True)
class SlowGateway(FakeGateway):
    """Takes its time for a message, as a homeserver does, and says when it has it."""

    async def send(self, room: RoomId, *args: Any, **more: Any) -> EventId:
        """Post it after a while."""
        await asyncio.sleep(SEND)
        event = await FakeGateway.send(self, room, *args, **more)
        if waiting := _WAITING.get(room):
            waiting.popleft().set_result(time.perf_counter())
        return event


_WAITING: dict[RoomId, deque[asyncio.Future[float]]] = {}
"""Who waits for an answer in a room: they come in the order of the votes."""


async def answered(talk: Talk, number: int, turn: int) -> float:
    """Seconds from a vote to its answer."""
    arrived: asyncio.Future[float] = asyncio.get_running_loop().create_future()
    began = time.perf_counter()
    who = "bea" if turn % 2 else "carla"
    room = RoomId(f"!hall{turn % HALLS}:test")
    _WAITING.setdefault(room, deque()).append(arrived)
    await talk.says(who, f"!votar {number + turn % HALLS} {1 + turn // HALLS % 2}", room=room)
    return await asyncio.wait_for(arrived, 300) - began


async def votes(talk: Talk, number: int, seconds: float) -> list[float]:
    """Votes at an even pace for so long; how long each answer took."""
    loop, tasks = asyncio.get_running_loop(), []
    began = loop.time()
    for turn in range(int(seconds / PACE)):
        await asyncio.sleep(max(0.0, began + turn * PACE - loop.time()))
        tasks.append(asyncio.create_task(answered(talk, number, turn)))
    return list(await asyncio.gather(*tasks))


async def prepare(folder: Path, count: int) -> Talk:
    """The rooms, a moderator of all, and the polls that others vote in."""
    talk = await Talk.start(folder / "minga.db", features(), commands_per_minute=0)
    for n in range(count):
        people = ["ana", *(f"p{n}-{one}" for one in range(5))]
        await talk.room(RoomId(f"!r{n:03}:test"), f"Equipo {n}", people, {"ana": 50})
    for n in range(HALLS):
        hall = RoomId(f"!hall{n}:test")
        await talk.room(hall, f"Lugar {n}", ["eva", "bea", "carla"], {"eva": 50})
    await talk.machine.db.close()
    talk.gateway = SlowGateway(now=LiveClock().now)
    talk.clock = LiveClock()
    await talk.restart()
    async with talk.machine.db.reading() as tx:
        await tx.run("PRAGMA synchronous = FULL")
    return talk


async def measure(folder: Path, rounds: int, count: int) -> list[float]:
    """The ratio of each round's p95, and last that of all rounds together."""
    talk = await prepare(folder, count)
    machine = talk.machine
    tasks = [asyncio.create_task(one) for one in (keep_in_touch(talk), machine.outbox.run())]
    first = 0
    for n in range(HALLS):
        said = await spoken(talk, "eva", "!encuesta ¿Té? sí, no", RoomId(f"!hall{n}:test"))
        first = first or said
    ratios: list[float] = []
    every: tuple[list[float], list[float]] = ([], [])
    for turn in range(rounds):
        writing, resting = list[float](), list[float]()
        before = len(talk.gateway.posted) - len(every[0]) - len(every[1])
        for _slice in range(SLICES):
            if not await pages_left(talk):
                await talk.says("ana", f"!encuesta ¿Día {turn}? lunes, martes en: todas")
                await talk.says("ana", "sí")
            await make_due(talk)
            scheduler = asyncio.create_task(machine.scheduler.run())
            writing += await votes(talk, first, SLICE)
            await end(scheduler)
            resting += await votes(talk, first, SLICE)
        every[0].extend(writing)
        every[1].extend(resting)
        after = len(talk.gateway.posted) - len(every[0]) - len(every[1])
        ratios.append(report(writing, resting, (after - before) / 2 / SLICE / SLICES))
    ratios.append(report(*every))
    for task in tasks:
        await end(task)
    await talk.close()
    return ratios


async def end(task: asyncio.Task[None]) -> None:
    """Cancel it, and wait until it has gone."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def keep_in_touch(talk: Talk) -> None:
    """The homeserver answers all the time, so that jobs may run."""
    while True:
        talk.machine.dispatcher.contact.note_answer(datetime.now(UTC))
        talk.machine.dispatcher.contact.mark_handled(datetime.now(UTC))
        await asyncio.sleep(1)


async def spoken(talk: Talk, who: str, line: str, room: RoomId) -> int:
    """The number in the first answer in a room."""
    arrived: asyncio.Future[float] = asyncio.get_running_loop().create_future()
    _WAITING.setdefault(room, deque()).append(arrived)
    await talk.says(who, line, room=room)
    await arrived
    posts = [post for post in talk.gateway.posted.values() if post.room == room]
    return int(find_number(next(p for p in posts if p.kind == "m.room.message")))


async def make_due(talk: Talk) -> None:
    """The next page is due now: a rest of ours does not make it late."""
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE job SET due = ?1, try_at = ?1 WHERE name = 'rooms'", time.time())


async def pages_left(talk: Talk) -> int:
    """How many jobs still write to rooms."""
    async with talk.machine.db.reading() as tx:
        return await tx.count("SELECT count(*) AS n FROM job WHERE name = 'rooms'")


def report(writing: list[float], resting: list[float], pace: float = 0.0) -> float:
    """Print what was measured as a line of JSON, and return the ratio of the p95s."""
    ratio = at_95(writing) / at_95(resting)
    row = {
        "p95 writing": at_95(writing),
        "p95 resting": at_95(resting),
        "median writing": statistics.median(writing),
        "median resting": statistics.median(resting),
        "votes": len(writing),
        "rooms a second": pace,
        "ratio": ratio,
    }
    sys.stdout.write(json.dumps({name: round(value, 3) for name, value in row.items()}) + "\n")
    sys.stdout.flush()
    return ratio


def at_95(took: Sequence[float]) -> float:
    """The value that 95 % do not exceed."""
    return sorted(took)[int(len(took) * 0.95)]


async def main() -> None:
    """Print each round and the median of their ratios."""
    logging.disable()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    rounds, count = (*map(int, sys.argv[1:3]), *(ROUNDS, ROOMS)[len(sys.argv) - 1 :])
    with TemporaryDirectory() as folder:
        *ratios, together = await measure(Path(folder), rounds, count)
    middle = statistics.median(ratios)
    sys.stdout.write(f"median {middle:.2f}, all rounds {together:.2f}, bound {BOUND}\n")


if __name__ == "__main__":
    asyncio.run(main())
