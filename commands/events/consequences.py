"""What follows when an event is made, changed or cancelled, and what its message says of it."""

from __future__ import annotations

from bot.api import ITEM_CHANGED, REMOTE_COUNT_LINES, Context, Effect, Line, RoomId
from commands.events import map_points, texts
from commands.events.event import Date, Event
from commands.events.extensions import (
    CHANGE_STEPS,
    EVENT_CHANGED,
    EVENT_LINES,
    EVENT_STEPS,
)


async def follow_change(ctx: Context, event: Event, before: Event | None) -> list[Effect]:
    """Carry a change over to answers, polls, files, networks and reminders. Return the effects.

    `before` is None for a new event; a cancelled one has `event.cancelled`. Raises `UserError` if
    fewer seats would cost somebody their place.
    """
    effects = map_points.post_location(event, before, event.room)
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


async def step_lines(ctx: Context, event: Event, room: RoomId) -> list[Line]:
    """Return the line with what people in a room can do about an event: to go, and its file."""
    offers = ctx.registry.offers(EVENT_STEPS)
    parts = [part for offer in offers for part in await offer(ctx, event, room)]
    return [texts.join_parts(parts)] if parts else []


async def change_steps(ctx: Context, before: Event, after: Event) -> list[Line]:
    """Return the lines with what those who are expected can do about a change."""
    offers = ctx.registry.offers(CHANGE_STEPS)
    return [line for offer in offers for line in await offer(ctx, before, after)]
