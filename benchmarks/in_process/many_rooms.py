"""How soon other commands are answered while one poll is written into hundreds of rooms.

`python -m benchmarks.in_process.many_rooms [ROUNDS [ROOMS]]`: in turns the poll of a
round is being written, and it has been: the same database, the same open polls. Votes in a room of
its own come at an even pace; each is timed from its event to its answer at the gateway, which takes
as long for a message as a homeserver would.
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
from commands.many_rooms.pages import PAGE_SIZE, PAUSE

ROUNDS, ROOMS = 6, 360
PACE = 0.1
"""Seconds between two votes."""
SEND = 0.03
"""Seconds that the homeserver takes for a message."""
HALL = RoomId("!hall:test")
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
    room = RoomId(f"!hall{turn % 10}:test")
    _WAITING.setdefault(room, deque()).append(arrived)
    await talk.says(who, f"!votar {number + turn % 10} {1 + turn // 10 % 2}", room=room)
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
    for n in range(10):
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
    deeds = (keep_in_touch(talk), machine.outbox.run(), machine.scheduler.run())
    tasks = [asyncio.create_task(one) for one in deeds]
    first = 0
    for n in range(10):
        said = await spoken(talk, "eva", "!encuesta ¿Té? sí, no", RoomId(f"!hall{n}:test"))
        first = first or said
    spread = count / PAGE_SIZE * (PAUSE.total_seconds() + 0.02)
    ratios: list[float] = []
    every: tuple[list[float], list[float]] = ([], [])
    for turn in range(rounds):
        await talk.says("ana", f"!encuesta ¿Día {turn}? lunes, martes en: todas")
        await settle(talk)
        await talk.says("ana", "sí")
        during = await votes(talk, first, spread)
        left = await pages_left(talk)
        await settle(talk)
        after = await votes(talk, first, spread)
        ratios.append(report(during, after, {"pages left": left}))
        every[0].extend(during)
        every[1].extend(after)
    ratios.append(report(*every, {"rounds": rounds}))
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError):
            await task
    await talk.close()
    return ratios


async def keep_in_touch(talk: Talk) -> None:
    """The homeserver answers all the time, so that jobs may run."""
    while True:
        talk.machine.dispatcher.contact.note_answer(datetime.now(UTC))
        talk.machine.dispatcher.contact.mark_handled(datetime.now(UTC))
        await asyncio.sleep(1)


async def spoken(talk: Talk, who: str, line: str, room: RoomId) -> int:
    """The number in the answer to a line."""
    await talk.says(who, line, room=room)
    await settle(talk)
    posts = [post for post in talk.gateway.posted.values() if post.room == room]
    return int(find_number(next(p for p in posts if p.kind == "m.room.message")))


async def pages_left(talk: Talk) -> int:
    """How many jobs and entries are still to be done."""
    async with talk.machine.db.reading() as tx:
        pages = await tx.count("SELECT count(*) AS n FROM job WHERE name = 'rooms'")
        return pages + await tx.count("SELECT count(*) AS n FROM letter")


async def settle(talk: Talk) -> None:
    """Wait until nothing is left to be written."""
    while await pages_left(talk):  # noqa: ASYNC110 - the database has no event
        await asyncio.sleep(0.2)


def report(during: list[float], after: list[float], more: dict[str, int]) -> float:
    """Print what was measured as a line of JSON, and return the ratio of the p95s."""
    ratio = at_95(during) / at_95(after)
    row = {
        "p95 during": at_95(during),
        "p95 after": at_95(after),
        "median during": statistics.median(during),
        "median after": statistics.median(after),
        "ratio": ratio,
        **more,
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
