"""What one more vote costs at the end of 100,000 votes against the first ones, and how soon the
result is there.
"""

from __future__ import annotations

import asyncio
import logging
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import structlog

from bot.run.app import features
from bot.testing.talk import ROOM, PostedEvent, Talk, find_number, user_id
from bot.types import EventId, Number, PollVote
from commands.decision_rules import ballots
from commands.poll_book import poll_store, vote_store
from commands.poll_book.vote_store import CastVote
from storage.membership import room_state

MANY, MEASURED = 100_000, 1_000
GOAL = 1.2
SOON = 1.0
"""Seconds from the deadline to the result in the room."""
PLACES = range(1, 6)
POLLS: dict[str, tuple[str, Callable[[random.Random], dict[int, int]]]] = {
    "one of five options": ("", lambda draw: {draw.choice(PLACES): 1}),
    "three of five options": (
        " multiple:3",
        lambda draw: dict.fromkeys(draw.sample(PLACES, draw.randint(1, 3)), 1),
    ),
    "five options by score": (
        " tipo:puntos",
        lambda draw: {place: draw.randint(0, 5) for place in PLACES},
    ),
}
"""What stands in the line that opens the poll, and what somebody votes."""
BALLOT = (((1, 1),), 1)


async def people(talk: Talk, first: int, last: int) -> None:
    """Members of the room, as many as will vote."""
    content = {"membership": "join"}
    events = [
        {"type": "m.room.member", "state_key": user_id(f"p{n}"), "content": content}
        for n in range(first, last)
    ]
    async with talk.machine.db.transaction() as tx:
        await room_state.apply_state(tx, ROOM, events, whole=False)


async def cast(talk: Talk, poll: PostedEvent, first: int, last: int) -> list[float]:
    """One tap of each, through the whole machine; seconds each."""
    took = []
    for n in range(first, last):
        at = talk.clock.at = talk.clock.at + timedelta(milliseconds=10)
        stamp = int(at.timestamp() * 1000)
        who = user_id(f"p{n}")
        vote = PollVote(ROOM, EventId(f"$v{n}-{stamp}"), who, at, poll.event, ("o1",), stamp)
        began = time.perf_counter()
        await talk.happens(vote)
        took.append(time.perf_counter() - began)
    return took


async def fill(talk: Talk, number: Number, first: int, last: int) -> None:
    """The votes between, in one commit: only their number matters."""
    async with talk.machine.db.transaction() as tx:
        for n in range(first, last):
            stamp = int(talk.clock.at.timestamp() * 1000) + n
            event = EventId(f"$f{n}")
            vote = CastVote(
                who := user_id(f"p{n}"), who, (BALLOT,), talk.clock.at, event=event, stamp=stamp
            )
            await vote_store.store_vote(tx, number, vote)


async def again(talk: Talk, poll: PostedEvent, turns: int) -> list[float]:
    """One person who cannot decide."""
    took: list[float] = []
    for _ in range(turns):
        took += await cast(talk, poll, 0, 1)
    return took


async def result(talk: Talk, name: str) -> float:
    """Seconds from the deadline of a poll with all the votes to its result in the room."""
    setting, drawn = POLLS[name]
    await talk.says("ana", f"!encuesta ¿Qué? A, B, C, D, E{setting} hasta viernes 18h")
    number = Number(find_number(next(p for p in await talk.sent() if p.kind == "m.room.message")))
    draw = random.Random(number)  # noqa: S311 - the same votes each time
    async with talk.machine.db.transaction() as tx:
        for n in range(MANY):
            ballot = ballots.make_ballot(drawn(draw))
            await vote_store.store_vote(
                tx, number, CastVote(w := user_id(f"p{n}"), w, ((ballot, 1),), talk.clock.at)
            )
        poll = await poll_store.get_poll(tx, number)
    assert poll.turnout == MANY
    assert poll.closes is not None
    began = time.perf_counter()
    await talk.wait_until(poll.closes)
    said = await talk.said()
    took = time.perf_counter() - began
    assert any("gana" in post.plain for post in said)
    return took


async def opened(folder: Path, name: str) -> tuple[Talk, PostedEvent, Number]:
    """A room full of people, and a poll with a hundred votes."""
    talk = await Talk.start(folder / f"{name}.db", features())
    await people(talk, 0, MANY)
    await talk.says("ana", "!encuesta ¿Té? Sí, No hasta viernes 18h")
    opening, poll = (p for p in await talk.sent() if p.kind != "redact")
    await cast(talk, poll, MEASURED, MEASURED + 100)
    return talk, poll, Number(find_number(opening))


async def in_turn(
    one: Talk, other: Talk, polls: tuple[PostedEvent, PostedEvent]
) -> tuple[list[float], ...]:
    """The first votes of one poll and the last ones of the other, each beside each.

    What else the machine does meanwhile slows both alike.
    """
    first: list[float] = []
    last: list[float] = []
    for n in range(MEASURED):
        first += await cast(one, polls[0], n, n + 1)
        last += await cast(other, polls[1], MANY - MEASURED + n, MANY - MEASURED + n + 1)
    return first, last


async def measure(folder: Path) -> tuple[dict[str, float], dict[str, float]]:
    """The last votes as a part of the first ones, by their middles; seconds to each result."""
    few, begun, _number = await opened(folder, "few")
    many, poll, number = await opened(folder, "many")
    try:
        await fill(many, number, MEASURED + 100, MANY - MEASURED)
        first, last = await in_turn(few, many, (begun, poll))
        alone = await again(many, poll, MEASURED)
        await again(many, poll, MEASURED)
        still_alone = await again(many, poll, MEASURED)
        results = [await result(many, name) for name in POLLS]
    finally:
        await few.close()
        await many.close()
    click.echo(f"a vote: first {_ms(first)}, after {MANY} votes {_ms(last)}")
    click.echo(f"one person: first {_ms(alone)}, after {2 * MEASURED} changes {_ms(still_alone)}")
    return {
        "many people": statistics.median(last) / statistics.median(first),
        "one person": statistics.median(still_alone) / statistics.median(alone),
    }, dict(zip(POLLS, results, strict=True))


def _ms(times: list[float]) -> str:
    return f"{statistics.median(times) * 1000:.2f} ms"


def main() -> None:
    """Measure, tell, and fail above the goal."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with TemporaryDirectory() as place:
        ratios, seconds = asyncio.run(measure(Path(place)))
    for name, ratio in ratios.items():
        click.echo(f"{name}: {ratio:.2f} (goal: at most {GOAL})")
    for name, took in seconds.items():
        click.echo(f"result of {MANY} votes, {name}: {took:.2f} s (goal: at most {SOON:.0f} s)")
    sys.exit(max(ratios.values()) > GOAL or max(seconds.values()) > SOON)


if __name__ == "__main__":
    main()
