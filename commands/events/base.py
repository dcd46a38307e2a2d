"""What every part of the events knows: the capability, its heading, and who is told of changes."""

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
"""What else is done when an event is made (the last is None) or was changed from what it was."""
Going = Callable[[Context, Event, Date | None], Awaitable[Sequence[UserId]]]
"""Who goes to a date; without one, to any date that comes."""

Lines = Callable[[Context, Event, Date], Awaitable[Sequence[Line]]]
"""What else the message about an event says."""

Reply = Callable[[Context, Item, str], Awaitable[Answer]]
"""What a plain line in reply to an event does; None where it is talk."""

Chosen = Callable[[Context, str, RoomId], Awaitable[None]]
"""What follows when a room's setting (its key) has another value."""

_beside: list[Beside] = []
_chosen: list[Chosen] = []
_replies: list[Reply] = []
_lines: list[Lines] = []
_going: list[Going] = []


def beside(also: Beside) -> Beside:
    """Have this done too whenever an event is made, changed or cancelled (`event.cancelled`)."""
    _beside.append(also)
    return also


def says_more(also: Lines) -> Lines:
    """Have these lines stand in the message about an event too."""
    _lines.append(also)
    return also


def on_reply(handler: Reply) -> Reply:
    """Hear what is said in reply to an event."""
    _replies.append(handler)
    return handler


@feature.reply("event", does=Does.COUNTS, reach=Reach.ROOM)
async def replied(ctx: Context, item: Item, text: str) -> Answer:
    """The first that understands it answers."""
    for handler in _replies:
        answer = await handler(ctx, item, text)
        if answer is not None:
            return answer
    return None


def when_chosen(then: Chosen) -> Chosen:
    """Be told of every change of a room's settings."""
    _chosen.append(then)
    return then


@feature.service("chosen")
async def chosen(ctx: Context, key: str, room: RoomId) -> None:
    for then in _chosen:
        await then(ctx, key, room)


def knows_who_goes(asked: Going) -> Going:
    """Ask this who goes."""
    _going.append(asked)
    return asked


async def effects_beside(ctx: Context, event: Event, before: Event | None) -> list[Effect]:
    """What the other parts do about an event that was made or changed."""
    return [effect for also in _beside for effect in await also(ctx, event, before)]


async def lines_beside(ctx: Context, event: Event, when: Date) -> list[Line]:
    """What the other parts say of an event and the date that comes."""
    return [line for also in _lines for line in await also(ctx, event, when)]


async def who_goes(ctx: Context, event: Event, when: Date | None = None) -> list[UserId]:
    """Those who are told if the date changes; without a date, of all that come."""
    found = [person for asked in _going for person in await asked(ctx, event, when)]
    return list(dict.fromkeys(found))
