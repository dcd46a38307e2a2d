"""Warn when people who come to an event also go to another one at that time.

The warning gives their number, never their names.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.api import Context, Line, UserId, _, items, n_
from commands.attendance import rsvp, rsvp_store
from commands.events import store, texts
from commands.events.event import MOST_COMPARED, Date, Event, first_overlap

MOST_PEOPLE = 300
"""How many of the people expected are checked at most."""


async def attendee_conflict_lines(
    ctx: Context, event: Event, own: Sequence[Date], first: datetime, last: datetime
) -> list[Line]:
    """Return warnings about events in other rooms at the same time to which the same people go.

    Only events that the person asking may see are named, and those in private.
    """
    people = {ctx.who, *(await rsvp.expected_people(ctx, event))[:MOST_PEOPLE]}
    said: list[Line] = []
    for number in await rsvp_store.events_attended_by(ctx.db, sorted(people), MOST_COMPARED * 5):
        item, other = await items.get(ctx.db, number), await store.get_event(ctx.db, number)
        if item is None or other is None or other.item == event.item or other.cancelled:
            continue
        if not await ctx.may_see(item) or other.all_day:
            continue
        when = first_overlap(event, own, other, first, last)
        both = (
            people & set(await rsvp.expected_people(ctx, other, when))
            if when is not None
            else set()
        )
        if when is not None and both and other.room != event.room:
            ctx.answer_privately_about(item)
            said.append(_conflict_line(ctx, other, when, both))
    return said


def _conflict_line(ctx: Context, other: Event, when: Date, both: set[UserId]) -> Line:
    named = {
        "title": texts.shorten_title(other.title),
        "number": other.item,
        "moment": texts.date_line(other, when),
    }
    if both == {ctx.who}:
        return _("You are expected at {title} ({number}) then: {moment}.", **named)
    return n_(
        "{count} person who counts on this counts on {title} ({number}) too: {moment}.",
        "{count} people who count on this count on {title} ({number}) too: {moment}.",
        len(both),
        **named,
    )
