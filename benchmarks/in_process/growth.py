"""What a command costs as a network grows: from a hundred to a million of something.

`python -m benchmarks.in_process.growth votes 100 1000000` prints JSON: for each size the
processor time of a command and of a tick of the clock, the database's size and the memory it took.
Networks of all sizes are asked in turns in one process; the lower fifth of the times counts. The
gateway is the fake one of the tests: nothing is encrypted, and there is no key store.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import random
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog

from benchmarks.processes import read_memory
from bot.run.app import features
from bot.testing.talk import ROOM, START_TIME, PostedEvent, Talk, find_number, user_id
from bot.types import EventId, Number, PollVote
from commands.events import store as event_store
from commands.events.event import Event
from commands.library import store as library_store
from commands.library.store import Resource
from commands.poll_book import poll_store, vote_store
from commands.poll_book.vote_store import CastVote
from storage import items
from storage.database import Tx
from storage.membership import room_state

ROUNDS, WARM_UP = 60, 10
BATCH = 10_000
"""Rows in one commit."""
BALLOT = (((1, 1),), 1)


async def let_in(tx: Tx, name: str, first: int, last: int) -> None:
    """Let people into the room: their names are numbered."""
    content = {"membership": "join"}
    people = [
        {"type": "m.room.member", "state_key": user_id(f"{name}{n}"), "content": content}
        for n in range(first, last)
    ]
    await room_state.apply_state(tx, ROOM, people, whole=False)


class Votes:
    """A poll with so many votes; the command is a tap of one more person."""

    async def fill(self, talk: Talk, tx: Tx, first: int, last: int) -> None:
        """Store votes of people who are not in the room any more."""
        for n in range(first, last):
            stamp = int(talk.clock.at.timestamp() * 1000) + n
            who = user_id(f"f{n}")
            event = EventId(f"$f{n}")
            vote = CastVote(who, who, (BALLOT,), talk.clock.at, event=event, stamp=stamp)
            await vote_store.store_vote(tx, self._number, vote)
        self._filled += last - first

    async def begin(self, talk: Talk) -> None:
        """Open the poll."""
        async with talk.machine.db.transaction() as tx:
            await let_in(tx, "p", 0, ROUNDS + WARM_UP)
        await talk.says("ana", "!encuesta ¿Té? Sí, No hasta viernes 18h")
        opening, self._poll = (p for p in await talk.sent() if p.kind != "redact")
        self._number = Number(find_number(opening))

    _poll: PostedEvent
    _number: Number
    _filled = 0

    async def ask(self, talk: Talk, turn: int) -> None:
        """Tap an answer."""
        at = talk.clock.at = talk.clock.at + timedelta(milliseconds=10)
        stamp = int(at.timestamp() * 1000)
        event = EventId(f"$v{turn}-{stamp}")
        who = user_id(f"p{turn}")
        await talk.happens(PollVote(ROOM, event, who, at, self._poll.event, ("o1",), stamp))

    async def check(self, talk: Talk, turn: int) -> None:
        """Raise `AssertionError` unless all taps until this turn count."""
        async with talk.machine.db.reading() as tx:
            poll = await poll_store.get_poll(tx, self._number)
        assert poll.turnout == self._filled + turn + 1, (poll.turnout, self._filled, turn)


class Lines:
    """Something of which a member asks for a list; `answer` must stand in it."""

    line = ""
    answer = ""

    async def begin(self, talk: Talk) -> None:
        """Nothing is needed first."""

    async def ask(self, talk: Talk, turn: int) -> None:
        """Ask for the list."""
        await talk.says("bea", self.line)
        said = "\n".join(post.plain for post in await talk.said())
        assert said and self.answer in said, said

    async def check(self, talk: Talk, turn: int) -> None:
        """Nothing is left to check."""


class Events(Lines):
    """The same month in all, the rest in the two years after it."""

    line, answer = "!eventos", "Taller"

    async def fill(self, talk: Talk, tx: Tx, first: int, last: int) -> None:
        """Store events."""
        start = datetime.fromisoformat("2026-11-26T08:00")
        for n in range(first, last):
            draw = random.Random(n)  # noqa: S311
            number = await items.add(
                tx, "events", "event", ROOM, user_id("ana"), f"Taller {n}", talk.clock.at
            )
            day = draw.randrange(30) if n < 100 else draw.randrange(30, 730)
            wall = start + timedelta(days=day, minutes=draw.randrange(600))
            event = Event(
                number, ROOM, user_id("ana"), f"Taller {n}", wall, "America/Bogota", uid=str(n)
            )
            await event_store.save_event(tx, event, talk.clock.at)


class Resources(Lines):
    """A library in one room; the newest are asked for."""

    line, answer = "!recursos", "Guía"

    async def fill(self, talk: Talk, tx: Tx, first: int, last: int) -> None:
        """Store resources, each with one of sixty themes."""
        for n in range(first, last):
            at = START_TIME.at - timedelta(minutes=last - n)
            number = await items.add(
                tx, "library", "resource", ROOM, user_id("ana"), f"Guía {n}", at
            )
            one = Resource(
                *(number, ROOM, f"Guía {n}", "text", f"Lo que dice la guía {n}.", None, "room"),
                *(user_id("ana"), at, at, at, (f"tema{n % 60}",)),
            )
            await library_store.save_resource(tx, one, ())


class Members(Lines):
    """Members of the one room."""

    line, answer = "!pendientes", ""

    async def fill(self, talk: Talk, tx: Tx, first: int, last: int) -> None:
        """Let people in."""
        await let_in(tx, "m", first, last)


KINDS: dict[str, Callable[[], Any]] = {
    "votes": Votes,
    "events": Events,
    "resources": Resources,
    "members": Members,
}


async def prepare(folder: Path, kind: Any, count: int) -> Talk:
    """Return a network with so many."""
    talk = await Talk.start(folder / f"{count}.db", features())
    await kind.begin(talk)
    for first in range(0, count, BATCH):
        async with talk.machine.db.transaction() as tx:
            await kind.fill(talk, tx, first, min(first + BATCH, count))
    return talk


async def tick(talk: Talk, turn: int) -> None:
    """Let a minute pass, in which a reminder is due."""
    await talk.wait(timedelta(minutes=1))
    assert any(f"tarea {turn}" in post.plain for post in await talk.said())


async def measure(folder: Path, name: str, counts: Sequence[int]) -> dict[str, dict[str, float]]:
    """Return the figures of each size."""
    talks: dict[int, tuple[Any, Talk]] = {}
    found: dict[str, dict[str, float]] = {str(count): {} for count in counts}
    warmed = KINDS[name]()
    talk = await prepare(folder, warmed, 1)  # what every network reads once is in memory now
    await warmed.ask(talk, 0)
    await talk.close()
    for count in counts:
        before = read_memory(os.getpid())
        kind = KINDS[name]()
        talks[count] = kind, await prepare(folder, kind, count)
        found[str(count)]["memory"] = read_memory(os.getpid()) - before
    steps: dict[str, Callable[[Any, Talk, int], Awaitable[None]]] = {
        "command": lambda kind, talk, turn: kind.ask(talk, turn),
        "tick": lambda _kind, talk, turn: tick(talk, turn),
    }
    took: dict[tuple[str, int], list[float]] = {(s, c): [] for s in steps for c in counts}
    for turn in range(ROUNDS + WARM_UP):
        for count, (kind, talk) in talks.items():
            await talk.says("carla", f"!recordar en 1 minuto; tarea {turn}")
            await talk.sent()
            for step, do in steps.items():
                began = time.process_time()
                await do(kind, talk, turn)
                took[step, count].append(time.process_time() - began)
            await kind.check(talk, turn)
    for (step, count), seconds in took.items():
        found[str(count)][step] = statistics.quantiles(seconds[WARM_UP:], n=5)[0] * 1000
    for count, (_kind, talk) in talks.items():
        await talk.close()
        found[str(count)]["size"] = (folder / f"{count}.db").stat().st_size / 2**20
    return found


def main() -> None:
    """Measure one kind at the sizes given."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    name, *counts = sys.argv[1:]
    with TemporaryDirectory() as folder:
        found = asyncio.run(measure(Path(folder), name, [int(count) for count in counts]))
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
