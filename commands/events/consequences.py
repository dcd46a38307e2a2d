"""What follows when an event is made, changed or cancelled, and what its message says of it."""

from __future__ import annotations

from bot.api import ITEM_CHANGED, REMOTE_COUNT_LINES, Context, Effect, Line
from commands.events import map_points
from commands.events.event import Date, Event
from commands.events.extensions import EVENT_CHANGED, EVENT_LINES


async def follow_change(ctx: Context, event: Event, before: Event | None) -> list[Effect]:
    """Carry a change over to answers, polls, files, networks and reminders. Return the effects.

    `before` is None for a new event; a cancelled one has `event.cancelled`. Raises `UserError` if
    fewer seats would cost somebody their place.
    """
    effects = [*await map_points.post_location(ctx, event, before)]
    for follow in ctx.registry.offers(EVENT_CHANGED):
        effects += await follow(ctx, event, before)
    for offer in ctx.registry.offers(ITEM_CHANGED):  # linked networks get the new version
        await offer(ctx, event.item)
    return effects


async def further_lines(ctx: Context, event: Event, when: Date) -> list[Line]:
    """Return what the event's message says of shifts, answers, other clocks and networks."""
    lines: list[Line] = []
    for further in ctx.registry.offers(EVENT_LINES):
        lines += await further(ctx, event, when)
    for offer in ctx.registry.offers(REMOTE_COUNT_LINES):
        lines += await offer(ctx, event.item)
    return lines
