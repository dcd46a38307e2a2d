"""Events for the tests of who comes: made by a line, then given what the line need not say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.api import Answer, Context, Job, Number
from bot.testing.talk import ROOM, PostedEvent, Talk, find_number
from commands.events import store
from commands.events.consequences import follow_change
from commands.events.declaration import feature
from commands.events.event import Event
from commands.events.tests.days import Day, in_days
from storage.database import Tx


def first_day() -> Day:
    """The day of an event that says nothing else: far enough for every reminder."""
    return in_days(8)


def weekly() -> str:
    """The rule of a series that begins on that day."""
    return first_day().weekly


async def made(
    talk: Talk, line: str = "", by: str = "ana", **more: Any
) -> tuple[Event, PostedEvent, PostedEvent | None]:
    """The event, the message about it, and its native poll."""
    day = first_day()
    line = line or f"!evento Taller de radio {day.weekday} {day.typed} 19h"
    await talk.set("conflicts", "no")
    await talk.says(by, line)
    posts = await talk.sent()
    opening = next(p for p in posts if p.kind == "m.room.message")
    event = await get(talk, find_number(opening))
    if more:
        event = await changed(talk, event.item, **more)
    return event, opening, next((p for p in posts if p.is_poll), None)


_CHANGE = "change for a test"
_changes: dict[int, dict[str, Any]] = {}


async def changed(talk: Talk, number: int, **more: Any) -> Event:
    """The event with these fields, as if a command had changed it."""
    feature.jobs[_CHANGE] = _change
    _changes[number] = more
    async with talk.machine.db.transaction() as tx:
        await _soon(tx, number, talk)
    await talk.wait(timedelta(0))
    return await get(talk, number)


async def _soon(tx: Tx, number: int, talk: Talk) -> None:
    at = talk.clock.at.timestamp()
    await tx.run(
        "INSERT INTO job (feature, name, room, item, due, try_at, payload)"
        " VALUES ('events', ?, ?, ?, ?, ?, '{}')",
        _CHANGE,
        ROOM,
        number,
        at,
        at,
    )


async def _change(ctx: Context, job: Job) -> Answer:
    assert job.item is not None
    before = await store.get_event(ctx.db, job.item)
    assert before is not None
    event = replace(before, **_changes.pop(job.item))
    await store.save_event(ctx.db, event, ctx.said_at)
    return await follow_change(ctx, event, before)


async def get(talk: Talk, number: int) -> Event:
    async with talk.machine.db.reading() as tx:
        event = await store.get_event(tx, Number(number))
    assert event is not None
    return event
