"""The message about an event, as each of its rooms reads it."""

from __future__ import annotations

from bot.api import Context, Line, RoomId, Say, _
from commands.events import texts
from commands.events.consequences import further_lines, step_lines
from commands.events.event import Event, next_date
from commands.events.grammar.event_times import clock_notes


async def message_lines(ctx: Context, event: Event, room: RoomId | None = None) -> tuple[Line, ...]:
    """Return the current lines of the message in one of the event's rooms, by default its own.

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
    """Return the message about an event in its own room, to which people reply."""
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
    """Return what the message of a cancelled event says."""
    return (
        _("Event {number}: {title}", number=event.item, title=event.title),
        _("Cancelled."),
    )
