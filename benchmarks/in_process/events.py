"""What `!eventos` costs with 100,000 events against 100, asked in turns."""

from __future__ import annotations

import asyncio
import logging
import random
import statistics
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import structlog

from bot.run.app import features
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import RoomId
from commands.events import store
from commands.events.event import Event
from storage import items

FEW, MANY = 100, 100_000
ROUNDS, WARM_UP = 60, 5
GOAL = 1.2
ROOMS = [ROOM, *(RoomId(f"!sala{n}:test") for n in range(1, 20))]
SERIES = 50
"""One in so many repeats."""
LINES = {
    "in a room": ("!eventos", False),
    "this week": ("!eventos esta semana", False),
    "the third page": ("!eventos 3", False),
    "in private, of twenty rooms": ("eventos", True),
}


async def fill(talk: Talk, count: int) -> None:
    """The same month in both, the rest in the two years after it; half of all in one room."""
    draw = random.Random(1)  # noqa: S311
    start = datetime.fromisoformat("2026-11-26T08:00")
    async with talk.machine.db.transaction() as tx:
        for n in range(count):
            room = ROOM if n % 2 else ROOMS[n % len(ROOMS)]
            number = await items.add(
                tx, "events", "event", room, user_id("ana"), f"Taller {n}", talk.clock.at
            )
            day = draw.randrange(30) if n < FEW else draw.randrange(30, 730)
            wall = start + timedelta(days=day, minutes=draw.randrange(600))
            rule = "FREQ=WEEKLY" if n % SERIES == 0 else None
            event = Event(
                number,
                room,
                user_id("ana"),
                f"Taller {n}",
                wall,
                "America/Bogota",
                rule=rule,
                uid=str(n),
            )
            await store.save_event(tx, event, talk.clock.at)


async def ask(talk: Talk, line: str, *, private: bool) -> float:
    """Seconds from the line to what is written for it."""
    began = time.perf_counter()
    if private:
        await talk.tells("bea", line)
    else:
        await talk.says("bea", line)
    took = time.perf_counter() - began
    said = "\n".join(post.plain for post in await talk.said())
    assert "Taller" in said, said
    return took


async def prepared(folder: Path, count: int) -> Talk:
    talk = await Talk.start(folder / f"{count}.db", features())
    for room in ROOMS[1:]:
        await talk.room(room, room[1:8], ["bea"])
    await fill(talk, count)
    await talk.private("bea")
    return talk


async def measured(folder: Path) -> dict[str, float]:
    """For each line, how many times as long it takes with many events as with few.

    The lower fifth counts: what it costs while nothing else on the machine is in the way.
    """
    few, many = await prepared(folder, FEW), await prepared(folder, MANY)
    found: dict[str, float] = {}
    for name, (line, private) in LINES.items():
        took: dict[int, list[float]] = {FEW: [], MANY: []}
        for n in range(ROUNDS + WARM_UP):
            for count, talk in ((FEW, few), (MANY, many)):
                seconds = await ask(talk, line, private=private)
                if n >= WARM_UP:
                    took[count].append(seconds)
        cost = {count: statistics.quantiles(seconds, n=5)[0] for count, seconds in took.items()}
        found[name] = cost[MANY] / cost[FEW]
        click.echo(
            f"{name}: {cost[FEW] * 1000:.2f} ms with {FEW} events,"
            f" {cost[MANY] * 1000:.2f} ms with {MANY}: {found[name]:.2f} times"
        )
    await few.close()
    await many.close()
    return found


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with TemporaryDirectory() as folder:
        found = asyncio.run(measured(Path(folder)))
    worst = max(found.values())
    click.echo(f"at most {worst:.2f} times; the goal is {GOAL}")
    sys.exit(worst > GOAL)


if __name__ == "__main__":
    main()
