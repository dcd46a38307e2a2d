"""What one more room of 360 costs a poll that stands in them: to ask there, to vote, to count.

`python -m benchmarks.in_process.rooms` prints the processor time of each beside a poll in 36 rooms,
each in turns, and fails above the goal.
"""

from __future__ import annotations

import asyncio
import logging
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import structlog

from bot.run.app import features
from bot.testing.talk import PostedEvent, Talk, find_number
from bot.types import Number, RoomId
from commands.many_rooms.pages import PAGE_SIZE
from commands.poll_book import poll_store
from storage import jobs

FEW, MANY = 36, 360
MEMBERS = 5
"""People in each room besides the one who asks."""
TURNS = 30
GOAL = 1.5
"""Times as much among ten times as many rooms and people: the roll is ten times as long too."""
SOON = 1.0
"""Seconds from the deadline to the result in the room where it was asked."""


class Network:
    """A network of so many rooms, all of which Ana moderates, and a poll that goes to all."""

    def __init__(self, talk: Talk, count: int) -> None:
        self.talk = talk
        self.count = count
        self.pages: list[float] = []
        self._polls: list[PostedEvent] = []
        self._number = 0

    async def fill(self) -> None:
        """Make the rooms."""
        for n in range(self.count):
            people = ["ana", *(f"p{n * MEMBERS + one}" for one in range(MEMBERS))]
            await self.talk.room(RoomId(f"!r{n:03}:test"), f"Equipo {n}", people, {"ana": 50})

    async def ask(self) -> None:
        """Ask in all rooms; keep what each page of rooms took."""
        await self.talk.says("ana", "!encuesta ¿Qué día? martes, jueves hasta en 5 días en: todas")
        await self.talk.sent()
        await self.talk.says("ana", "sí")
        opening = [post for post in await self.talk.sent() if post.kind == "m.room.message"]
        self._number = find_number(next(post for post in opening if "¿Qué día?" in post.plain))
        for _page in range(-(-self.count // PAGE_SIZE) + 1):
            due = await jobs.next_due(self.talk.machine.db)
            assert due is not None
            began = time.process_time()
            await self.talk.wait_until(due)  # a page that comes late puts off the next one
            posts = await self.talk.sent()
            self.pages.append(time.process_time() - began)
            self._polls += [post for post in posts if post.is_poll and post.room[1] == "r"]
        assert len(self._polls) == self.count, f"asked in {len(self._polls)} of {self.count} rooms"

    async def vote(self, turn: int) -> None:
        """Tap in the room of this turn."""
        poll = self._polls[turn % self.count]
        await self.talk.taps(f"p{int(poll.room[2:5]) * MEMBERS}", poll, 1 + turn % 2)

    async def read(self, turn: int) -> None:
        """Ask for the counts of a room of this turn."""
        room = self._polls[turn % self.count].room
        said = await self.talk.answer("ana", f"!resultados {self._number}", room=room)
        assert "martes" in said, said

    async def end(self) -> float:
        """Return the seconds from the deadline to the result where it was asked."""
        async with self.talk.machine.db.transaction() as tx:
            closes = (await poll_store.get_poll(tx, Number(self._number))).closes
        assert closes is not None
        began = time.perf_counter()
        await self.talk.wait_until(closes)
        took = time.perf_counter() - began
        assert any(
            "gana" in post.plain or "empate" in post.plain for post in await self.talk.said()
        )
        return took


async def in_turns(
    networks: tuple[Network, Network], do: Callable[[Network, int], Awaitable[None]]
) -> tuple[float, float]:
    """Return the processor time of each in milliseconds, side by side."""
    took: tuple[list[float], list[float]] = ([], [])
    for turn in range(TURNS):
        for network, times in zip(networks, took, strict=True):
            began = time.process_time()
            await do(network, turn)
            times.append(time.process_time() - began)
            await network.talk.sent()
    few, many = (lower_fifth(times[5:]) for times in took)
    return few, many


def lower_fifth(seconds: list[float]) -> float:
    """Return the time in milliseconds below which a fifth of them are: others disturb it least."""
    return statistics.quantiles(seconds, n=5)[0] * 1000


async def measure(folder: Path) -> tuple[dict[str, tuple[float, float]], float]:
    """Return milliseconds among few and among many rooms, and the seconds to the result."""
    made: list[Network] = []
    for count in (FEW, MANY):
        network = Network(await Talk.start(folder / f"{count}.db", features()), count)
        await network.fill()
        made.append(network)
    few, many = made
    for network in made:
        await network.ask()
    tenth = MANY // PAGE_SIZE // 10
    first, last = many.pages[1 : tenth + 1], many.pages[-tenth - 1 : -1]
    found = {
        "a page of rooms, the first and the last": (
            lower_fifth(first),
            lower_fifth(last),
        ),
        "a vote": await in_turns((few, many), Network.vote),
        "the counts": await in_turns((few, many), Network.read),
    }
    took = await many.end()
    for network in made:
        await network.talk.close()
    return found, took


def main() -> None:
    """Measure, tell, and fail above the goal."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with TemporaryDirectory() as folder:
        found, took = asyncio.run(measure(Path(folder)))
    click.echo(f"{FEW} rooms and {MANY} rooms, with {MEMBERS + 1} people in each:")
    for name, (few, many) in found.items():
        click.echo(f"{name}: {few:.2f} ms, {many:.2f} ms: {many / few:.2f} (goal: at most {GOAL})")
    click.echo(f"result after the deadline: {took:.2f} s (goal: at most {SOON:.0f} s)")
    sys.exit(any(many / few > GOAL for few, many in found.values()) or took > SOON)


if __name__ == "__main__":
    main()
