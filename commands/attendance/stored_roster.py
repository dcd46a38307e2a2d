"""The roster of a date, from the stored answers, and what the event's message says of it."""

from __future__ import annotations

from bot.api import Context, Line, _
from commands.attendance import date_keys, roster
from commands.attendance import rsvp_store as kept
from commands.events.event import Date, Event


async def count_lines(ctx: Context, event: Event, when: Date) -> list[Line]:
    """Return a line with how many people come to an event, may come and wait. No line while nobody
    answered."""
    found = await load_roster(ctx, event, when)
    parts = []
    if found.going:
        parts.append(_("coming: {count}", count=found.taken))
    if found.maybe:
        parts.append(_("maybe: {count}", count=len(found.maybe)))
    if found.waiting:
        parts.append(_("waiting list: {count}", count=len(found.waiting)))
    return [_("So far, {counts}", counts=tuple(parts))] if parts else []


async def load_roster(ctx: Context, event: Event, when: Date) -> roster.Roster:
    """Return who comes, may come and waits at a date of an event, from the stored answers."""
    answers = await kept.load_answers(ctx.db, event.item)
    return roster.build_roster(answers, date_keys.answer_key(event, when), event.seats)
