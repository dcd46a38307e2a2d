"""What follows when an event is made, changed or cancelled, and what its message says of it."""

from __future__ import annotations

from bot.api import (
    ITEM_CHANGED,
    REMOTE_COUNT_LINES,
    Context,
    Effect,
    Line,
    RoomId,
    Say,
    _,
    public_changes,
)
from commands.events import map_points, texts
from commands.events.event import Date, Event, next_date
from commands.events.extensions import (
    CHANGE_STEPS,
    EVENT_CHANGED,
    EVENT_LINES,
    EVENT_STEPS,
)
from commands.events.grammar.event_times import clock_notes


async def follow_change(ctx: Context, event: Event, before: Event | None) -> list[Effect]:
    """Update the answers, polls, files, networks and reminders of an event after a change. Return
    the effects.

    `before` is None for a new event; a cancelled one has `event.cancelled`. Raises `UserError` if
    fewer seats would cost somebody their place.
    """
    effects = map_points.post_location(event, before, event.room)
    for follow in ctx.registry.offers(EVENT_CHANGED):
        effects += await follow(ctx, event, before)
    for offer in ctx.registry.offers(ITEM_CHANGED):  # linked networks get the new version
        await offer(ctx, event.item)
    await public_changes.note_change(ctx, event.item)
    return effects


async def further_lines(ctx: Context, event: Event, when: Date) -> list[Line]:
    """Return the lines of an event's message about shifts, answers, other clocks and networks."""
    lines: list[Line] = []
    for further in ctx.registry.offers(EVENT_LINES):
        lines += await further(ctx, event, when)
    for offer in ctx.registry.offers(REMOTE_COUNT_LINES):
        lines += await offer(ctx, event.item)
    return lines


async def step_lines(ctx: Context, event: Event, room: RoomId) -> list[Line]:
    """Return the line with what people in a room can do about an event: say that they come, and get
    its file."""
    offers = ctx.registry.offers(EVENT_STEPS)
    parts = [part for offer in offers for part in await offer(ctx, event, room)]
    return [texts.join_parts(parts)] if parts else []


async def change_steps(ctx: Context, before: Event, after: Event) -> list[Line]:
    """Return the lines that say what the people expected at an event can do about a change."""
    offers = ctx.registry.offers(CHANGE_STEPS)
    return [line for offer in offers for line in await offer(ctx, before, after)]


# --- the message about an event ------------------------------------------------------------------


async def message_lines(ctx: Context, event: Event, room: RoomId | None = None) -> tuple[Line, ...]:
    """Return the current lines of the message about an event in one of its rooms, by default its
    own.

    None at all if no date is upcoming.
    """
    coming = next_date(event, ctx.said_at)
    if coming is None:
        return ()
    place = room or event.room
    language = (await ctx.policy_of_room(place)).language
    return (
        *texts.event_lines(event, coming, language, ctx.said_at),
        *clock_notes(event),
        *await further_lines(ctx, event, coming),
        *_rooms_lines(event),
        *await step_lines(ctx, event, place),
    )


def _rooms_lines(event: Event) -> list[Line]:
    """Say that an event is shown in many rooms, and that people are counted once."""
    if not event.others:
        return []
    return [_("It stands in {count} rooms; who comes counts once.", count=len(event.rooms))]


async def event_message(ctx: Context, made: Event) -> Say:
    """Return the effect that posts an event in its own room; people reply to this message later."""
    here = made.room == ctx.room
    return Say(
        await message_lines(ctx, made),
        room=made.room,
        reply_to=ctx.origin.event if here else None,
        thread=ctx.origin.thread if here else None,
        loud=True,
        item=made.item,
        slot="opening",
    )


def cancelled_lines(event: Event) -> tuple[Line, ...]:
    """Return the lines of the message about a cancelled event."""
    return (
        _("Event {number}: {title}", number=event.item, title=event.title),
        _("Cancelled."),
    )
