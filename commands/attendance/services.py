"""What attendance adds to events, and the services that it offers to everybody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.api import (
    PARTICIPANT_TOTALS,
    REFRESH_MESSAGES,
    Answer,
    Context,
    Effect,
    Item,
    Line,
    Number,
    RoomId,
    UserId,
    _,
)
from commands.attendance import (
    attendee_conflicts,
    local_times,
    rsvp,
    rsvp_commands,
    rsvp_poll,
    rsvp_store,
    shifts,
    stored_roster,
)
from commands.attendance.declaration import feature
from commands.events.creation import load_event
from commands.events.event import Date, Event, next_date
from commands.events.extensions import (
    CONFLICT_LINES,
    EVENT_CHANGED,
    EVENT_ELSEWHERE,
    EVENT_LINES,
    EVENT_REPLY,
    EVENT_STEPS,
    EVENT_TIDIED,
    EXPECTED_PEOPLE,
)


@feature.offers(EVENT_CHANGED)
async def follow_change(ctx: Context, event: Event, before: Event | None) -> Sequence[Effect]:
    """Update the answers and the poll after an event was changed. Return what to send. Raises
    `UserError` if a place would be lost."""
    return [
        *await rsvp.apply_change(ctx, event, before),
        *await rsvp_poll.update_poll(ctx, event, before),
    ]


@feature.offers(EVENT_ELSEWHERE)
async def update_poll_elsewhere(
    ctx: Context, item: Item, event: Event, room: RoomId, stage: str
) -> list[Effect]:
    """Start or end the native poll of an event in another of its rooms. Return what to send.

    At stage `open` it starts, if that room's setting says so and the event has a date ahead. It
    ends at stage `begun`, or at any if the event is cancelled.
    """
    return await rsvp_poll.poll_elsewhere(ctx, item, event, room, stage)


@feature.offers(EVENT_LINES)
async def attendance_lines(ctx: Context, event: Event, when: Date) -> list[Line]:
    """Return the lines of an event's message about shifts, answers and the clocks of who comes."""
    return [
        *await shifts.shift_lines(ctx, event, when),
        *await stored_roster.count_lines(ctx, event, when),
        *await local_times.clock_lines(ctx, event, when),
    ]


@feature.offers(EVENT_STEPS)
async def attendance_steps(ctx: Context, event: Event, room: RoomId) -> list[Line]:
    """Return how to say that one comes to an event: by a tap where a poll stands beside it, or by a
    line."""
    if await ctx.setting_value(rsvp_poll.TAP_POLL, room) == "yes":
        return [_("Tap “I'm coming” or write `going {number}`", number=event.item)]
    return [_("To come: `going {number}`", number=event.item)]


@feature.offers(EXPECTED_PEOPLE)
async def expected_people(ctx: Context, event: Event, when: Date | None) -> list[UserId]:
    """Return who comes, may come or waits, at a date of the event, or at any upcoming one for
    None."""
    return await rsvp.expected_people(ctx, event, when)


@feature.offers(CONFLICT_LINES)
async def conflict_lines(
    ctx: Context, event: Event, own: Sequence[Date], first: datetime, last: datetime
) -> list[Line]:
    """Return warnings about events in other rooms at the same time to which the same people go."""
    return await attendee_conflicts.attendee_conflict_lines(ctx, event, own, first, last)


@feature.offers(EVENT_REPLY)
async def answer_reply(ctx: Context, item: Item, text: str) -> Answer:
    """Record `voy` or `tomo sonido` in a reply to an event. Return None for other text."""
    answer = await rsvp_commands.answer_by_reply(ctx, item, text)
    return answer if answer is not None else await shifts.answer_by_reply(ctx, item, text)


@feature.offers(EVENT_TIDIED)
async def forget_answers(ctx: Context, item: Number) -> None:
    """Delete all answers, taps and taken shifts of an event."""
    await rsvp_store.forget_answers(ctx.db, item)


# --- linked networks ------------------------------------------------------------------------------


@feature.offers(PARTICIPANT_TOTALS.of("event"))
async def attendance_totals(ctx: Context, item: Number) -> Mapping[str, int]:
    """Return how many come and may come to the event's next date. Raises `UserError` if the event
    was deleted."""
    event = await load_event(ctx, item)
    when = next_date(event, ctx.now)
    if when is None:
        return {}
    found = await stored_roster.load_roster(ctx, event, when)
    return {"going": found.taken, "maybe": len(found.maybe)}


@feature.offers(REFRESH_MESSAGES.of("event"))
async def refresh_message(ctx: Context, item: Number) -> None:
    """Schedule an edit of the event's message. Raises `UserError` if the event was deleted."""
    await rsvp.schedule_count(ctx, await load_event(ctx, item))
