"""Declare the events capability, its help topic and the hooks its parts register with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from bot.api import (
    Answer,
    Context,
    Does,
    Effect,
    Feature,
    Item,
    Line,
    Reach,
    RoomId,
    Topic,
    UserId,
    _,
    words,
)
from commands.events.event import Date, Event

feature = Feature("events", Path(__file__).parent)

EVENTS = Topic("events", words("eventos", "eventos", "events", "agenda"), _("Events"))

Beside = Callable[[Context, Event, Event | None], Awaitable[Sequence[Effect]]]
"""Run when an event is made (the last argument is None) or changed (it is the old event)."""
Going = Callable[[Context, Event, Date | None], Awaitable[Sequence[UserId]]]
"""Return the people expected at a date, or at any upcoming date when none is given."""

Lines = Callable[[Context, Event, Date], Awaitable[Sequence[Line]]]
"""Return further lines for the message about an event."""

Reply = Callable[[Context, Item, str], Awaitable[Answer]]
"""Handle a plain line in reply to an event. Return None when the line is only talk."""

Chosen = Callable[[Context, str, RoomId], Awaitable[None]]
"""Run after a setting (given by its key) of a room has changed."""

_beside: list[Beside] = []
_chosen: list[Chosen] = []
_replies: list[Reply] = []
_lines: list[Lines] = []
_going: list[Going] = []


def beside(also: Beside) -> Beside:
    """Register a hook that runs whenever an event is made, changed or cancelled.

    The hook sees a cancellation by `event.cancelled`.
    """
    _beside.append(also)
    return also


def says_more(also: Lines) -> Lines:
    """Register a source of further lines for the message about an event."""
    _lines.append(also)
    return also


def on_reply(handler: Reply) -> Reply:
    """Register a handler of plain lines in reply to an event."""
    _replies.append(handler)
    return handler


@feature.reply("event", does=Does.COUNTS, reach=Reach.ROOM)
async def replied(ctx: Context, item: Item, text: str) -> Answer:
    """Return the answer of the first reply handler that understands the line, else None."""
    for handler in _replies:
        answer = await handler(ctx, item, text)
        if answer is not None:
            return answer
    return None


def when_chosen(then: Chosen) -> Chosen:
    """Register a hook that runs after any setting of a room has changed."""
    _chosen.append(then)
    return then


@feature.service("chosen")
async def chosen(ctx: Context, key: str, room: RoomId) -> None:
    """Run the hooks for a changed setting of a room."""
    for then in _chosen:
        await then(ctx, key, room)


def knows_who_goes(asked: Going) -> Going:
    """Register a source of the people who are expected at an event."""
    _going.append(asked)
    return asked


async def effects_beside(ctx: Context, event: Event, before: Event | None) -> list[Effect]:
    """Run every change hook and return all their effects. `before` is None for a new event."""
    return [effect for also in _beside for effect in await also(ctx, event, before)]


async def lines_beside(ctx: Context, event: Event, when: Date) -> list[Line]:
    """Return the lines of every line source for this date of the event."""
    return [line for also in _lines for line in await also(ctx, event, when)]


async def who_goes(ctx: Context, event: Event, when: Date | None = None) -> list[UserId]:
    """Return each person expected at the date, or at any upcoming date without one, once.

    These people are told when the date changes.
    """
    found = [person for asked in _going for person in await asked(ctx, event, when)]
    return list(dict.fromkeys(found))
