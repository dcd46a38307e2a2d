"""Warn when people who come to an event also go to another one at that time.

The warning gives their number, never their names.
"""

from __future__ import annotations

from datetime import datetime

from bot.api import Context, Line, UserId, _, items, n_
from commands.events import store, texts
from commands.events.attendance import rsvp_store
from commands.events.conflicts import LOOKED, also_warns, overlap
from commands.events.declaration import who_goes
from commands.events.event import Date, Event

MOST_PEOPLE = 300
"""How many of the people expected are checked at most."""


@also_warns
async def elsewhere(
    ctx: Context, event: Event, own: list[Date], first: datetime, last: datetime
) -> list[Line]:
    """Return warnings about events in other rooms that the same people go to at that time.

    Only events that the person asking may see are named.
    """
    people = {ctx.who, *(await who_goes(ctx, event))[:MOST_PEOPLE]}
    said: list[Line] = []
    for number in await rsvp_store.also_of(ctx.db, sorted(people), LOOKED * 5):
        item, other = await items.get(ctx.db, number), await store.get(ctx.db, number)
        if item is None or other is None or other.item == event.item or other.cancelled:
            continue
        if not await ctx.may_see(item) or other.all_day:
            continue
        when = overlap(event, own, other, first, last)
        both = people & set(await who_goes(ctx, other, when)) if when is not None else set()
        if when is not None and both and other.room != event.room:
            said.append(_told(ctx, other, when, both))
    return said


def _told(ctx: Context, other: Event, when: Date, both: set[UserId]) -> Line:
    named = {
        "title": texts.short(other.title),
        "number": other.item,
        "moment": texts.moment(other, when),
    }
    if both == {ctx.who}:
        return _("You are expected at {title} ({number}) then: {moment}.", **named)
    return n_(
        "{count} person who counts on this counts on {title} ({number}) too: {moment}.",
        "{count} people who count on this count on {title} ({number}) too: {moment}.",
        len(both),
        **named,
    )
