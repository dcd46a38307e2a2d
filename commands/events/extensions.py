"""The services by which what stands on events adds to them: who comes, files, reminders.

Events ask for them and do without where nobody offers one. Effects and lines come in the order of
the capabilities.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from bot.api import Answer, Context, Effect, Item, Line, Number, RoomId, Service, UserId
from commands.events.event import Date, Event

SaveField = Callable[[Context, Event], Awaitable[None]]
"""Saves what a field of the typed line says, once the event has its number."""

EVENT_CHANGED = Service[[Event, Event | None], Sequence[Effect]]("event changed")
"""Carry a change over to what depends on an event, and return the effects.

The second event is the one before the change, or None for a new event. Raises `UserError` if the
change would cost somebody their place.
"""

EVENT_TIDIED = Service[[Number], None]("event tidied")
"""Delete what people said about an event whose last date has been over for a week."""

EVENT_LINES = Service[[Event, Date], Sequence[Line]]("event lines")
"""What else the message of an event says about its next date."""

EVENT_STEPS = Service[[Event, RoomId], Sequence[Line]]("event steps")
"""What people can do about an event in one of its rooms: parts of its message's last line."""

EVENT_ELSEWHERE = Service[[Item, Event, RoomId, str], Sequence[Effect]]("event elsewhere")
"""Show what stands beside an event in another of its rooms, at a stage of `other_rooms`."""

CHANGE_STEPS = Service[[Event, Event], Sequence[Line]]("change steps")
"""What those who are expected can do about a change, from the first event to the second."""

EXPECTED_PEOPLE = Service[[Event, Date | None], Sequence[UserId]]("people at event")
"""Who counts on the event at a date, or at any upcoming one for None."""

CONFLICT_LINES = Service[[Event, Sequence[Date], datetime, datetime], Sequence[Line]](
    "event conflicts"
)
"""What else speaks against these dates of an event, between the first instant and the last."""

EVENT_REPLY = Service[[Item, str], Answer]("event reply")
"""Answer a plain line in reply to an event; None if the line is talk, or somebody else's."""

EVENT_FIELD = Service[[str, str], SaveField | None]("event field")
"""Read a named field of the typed line, by key; None if it is not the capability's.

Raises `UserError` if the words cannot be read.
"""


async def expected_people(ctx: Context, event: Event, when: Date | None = None) -> list[UserId]:
    """Return the people who come or wait, at a date of the event, or at any upcoming one for None;
    nobody twice."""
    found: dict[UserId, None] = {}
    for expected in ctx.registry.offers(EXPECTED_PEOPLE):
        found |= dict.fromkeys(await expected(ctx, event, when))
    return list(found)
