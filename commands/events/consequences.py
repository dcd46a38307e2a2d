"""What follows when an event is made, changed or cancelled, and what its message says of it."""

from __future__ import annotations

from bot.api import ITEM_CHANGED, REMOTE_COUNT_LINES, Context, Effect, Line
from commands.events import map_points
from commands.events.attendance import local_times, rsvp, rsvp_poll, shifts, stored_roster
from commands.events.calendar import file_export
from commands.events.event import Date, Event
from commands.events.event_reminders import delivery


async def follow_change(ctx: Context, event: Event, before: Event | None) -> list[Effect]:
    """Carry a change over to answers, polls, files, networks and reminders. Return the effects.

    `before` is None for a new event; a cancelled one has `event.cancelled`. Raises `UserError` if
    fewer seats would cost somebody their place.
    """
    effects = [
        *await rsvp.apply_change(ctx, event, before),
        *await map_points.post_location(ctx, event, before),
        *await rsvp_poll.update_poll(ctx, event, before),
        *await file_export.post_calendar_file(ctx, event, before),
    ]
    for offer in ctx.registry.offers(ITEM_CHANGED):  # linked networks get the new version
        await offer(ctx, event.item)
    await delivery.plan_reminders(ctx, event)
    return effects


async def further_lines(ctx: Context, event: Event, when: Date) -> list[Line]:
    """Return what the event's message says of shifts, answers, other clocks and networks."""
    lines = [
        *await shifts.shift_lines(ctx, event, when),
        *await stored_roster.count_lines(ctx, event, when),
        *await local_times.clock_lines(ctx, event, when),
    ]
    for offer in ctx.registry.offers(REMOTE_COUNT_LINES):
        lines += await offer(ctx, event.item)
    return lines
