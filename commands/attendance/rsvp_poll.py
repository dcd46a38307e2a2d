"""Answer an event by a tap on the native poll that stands beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.api import (
    MOVE_ROOM,
    Answer,
    Context,
    Effect,
    EndPoll,
    Item,
    Job,
    Line,
    MessageRef,
    PollVote,
    Redaction,
    RoomId,
    Say,
    Setting,
    StartPoll,
    Switch,
    UserError,
    UserId,
    _,
    is_in_any,
    items,
    n_,
    words,
)
from commands.attendance import event_parameters, rsvp, rsvp_commands, rsvp_store
from commands.attendance.declaration import BEGUN_JOB, TIDY_JOB, feature
from commands.attendance.roster import Rsvp
from commands.events import other_rooms, store, texts
from commands.events.event import Event, dates_after
from commands.events.extensions import EVENT_TIDIED

TAP_POLL = Setting(
    "tap_poll",
    words("toque", "toque", "tap", "botones | botões | buttons"),
    Switch(),
    "yes",
    _("Beside each new event stands a poll: who comes says so with a tap."),
)
feature.settings.append(TAP_POLL)
SLOT = "poll"
MOST_GUESTS = 4
"""How many guests can be tapped; for more, people write."""
ANSWERS_KEPT = timedelta(days=7)
"""How long after the last date the answers are stored."""
MOST_MOVED = 200
_RSVP_OF_LETTER = {"y": Rsvp.YES, "m": Rsvp.MAYBE, "n": Rsvp.NO}


async def update_poll(ctx: Context, event: Event, before: Event | None) -> list[Effect]:
    """Start a native poll for answers beside a new event, and end it when the event is cancelled.
    Return what to send."""
    if not event.cancelled:
        await ctx.cancel_jobs(event.item, TIDY_JOB)
        await _schedule_begin(ctx, event)
    if before is None:
        return (
            [_start_poll(ctx, event, MessageRef(event.item, SLOT), event.room)]
            if await ctx.setting_value(TAP_POLL, event.room) == "yes"
            else []
        )
    if event.cancelled and not before.cancelled:
        return await end_poll(ctx, MessageRef(event.item, SLOT), event.room, _cancelled(event))
    return []


async def poll_elsewhere(
    ctx: Context, item: Item, event: Event, room: RoomId, stage: str
) -> list[Effect]:
    """Return the effects that start or end the native poll in another of the event's rooms, at a
    stage of its life."""
    ref = item.ref(room, SLOT)
    if event.cancelled:
        return await end_poll(ctx, ref, room, _cancelled(event))
    if stage == other_rooms.BEGUN:
        return await end_poll(ctx, ref, room, _begun(event))
    taps = stage == other_rooms.OPEN and dates_after(event, ctx.said_at, 1)
    if taps and await ctx.setting_value(TAP_POLL, room) == "yes":
        return [_start_poll(ctx, event, ref, room)]
    return []


def _cancelled(event: Event) -> Line:
    title = texts.shorten_title(event.title)
    return _('"{title}" ({number}) was cancelled.', title=title, number=event.item)


def _begun(event: Event) -> Line:
    title = texts.shorten_title(event.title)
    return _('"{title}" ({number}) has begun.', title=title, number=event.item)


def _start_poll(ctx: Context, event: Event, ref: MessageRef, room: RoomId) -> StartPoll:
    return StartPoll(
        Line(
            "{title} ({number})",
            {"title": texts.shorten_title(event.title), "number": event.item},
        ),
        tuple(poll_answers(event)),
        item=event.item,
        slot=ref.slot,
        room=room,
        thread=ctx.origin.thread if room == ctx.room else None,
    )


def poll_answers(event: Event) -> list[tuple[str, Line]]:
    """Return the id and the text of each answer of an event's native poll. The id holds the answer
    and the guests."""
    every = event.rule is not None
    come = _("I'm coming, every date") if every else _("I'm coming")
    more = [
        (f"y{n}", n_("I'm coming with {count} more", "I'm coming with {count} more", n))
        for n in range(1, min(event.guests, MOST_GUESTS) + 1)
    ]
    return [("y", come), *more, ("m", _("Maybe")), ("n", _("I'm not coming"))]


@feature.offers(MOVE_ROOM)
async def move_polls(ctx: Context, old: RoomId, new: RoomId) -> list[Effect]:
    """End the events' native polls in the old room and start them in the new one. Return what to
    send. The answers stay.

    An event that stands in many rooms is shown anew too: its message there is another one.
    """
    taps = await ctx.setting_value(TAP_POLL, new) == "yes"
    effects: list[Effect] = []
    for event in await store.upcoming_events(ctx.db, new, MOST_MOVED):
        item = await items.get(ctx.db, event.item)
        assert item is not None
        was = MessageRef(event.item, SLOT) if event.room == new else item.ref(old, SLOT)
        gone = _("Event {number} goes on in the new room.", number=event.item)
        if event.room != new:
            effects += await other_rooms.opening_message(ctx, item, event, new)
        if taps:
            effects += await end_poll(ctx, was, old, gone)
            poll = _start_poll(ctx, event, item.ref(new, SLOT), new)
            effects.append(replace(poll, thread=None))
    return effects


async def end_poll(ctx: Context, poll: MessageRef, room: RoomId, why: Line) -> list[Effect]:
    """Return the effect that ends an event's native poll in a room, if there is one."""
    if await items.event_of(ctx.db, poll) is None:
        return []
    return [EndPoll(poll, (why,), room=room)]


@feature.on(PollVote)
async def count_tap(ctx: Context, tap: PollVote, item: Item) -> Answer:
    """Record a tap on an event's native poll as an answer. The latest one of each person counts.
    Return what to say, if anything.

    Nothing is said, unless the person must wait or was refused.
    """
    event = await event_parameters.load_event(ctx, item)
    if not await is_in_any(ctx, item, tap.sender):
        return None
    refused = rsvp_commands.closed_lines(ctx, event, None)
    if refused is not None:
        first = await rsvp_store.mark_told(ctx.db, item.number, tap.sender, "late")
        return Say(refused, to=tap.sender, item=item.number) if first else None
    before = await rsvp_store.last_tap_stamp(ctx.db, item.number, tap.sender)
    choice = tap.answers[0] if tap.answers else ""
    await rsvp_store.save_tap(ctx.db, item.number, tap.sender, tap.event, tap.stamp, choice)
    if before is not None and tap.stamp < before:
        return None  # this tap was read late, after a newer one
    return await _apply_tap(ctx, event, tap.sender, choice)


@feature.on(Redaction)
async def undo_tap(ctx: Context, redaction: Redaction) -> Answer:
    """Undo a tap on an event's poll that its sender redacted; the one before it counts again
    (MSC3381). Return what to say, if anything."""
    found = await rsvp_store.delete_tap(ctx.db, redaction.target, redaction.sender)
    if found is None:
        return None
    number, last, choice = found
    event = await store.get_event(ctx.db, number)
    if event is None or not last or rsvp_commands.closed_lines(ctx, event, None) is not None:
        return None
    return await _apply_tap(ctx, event, redaction.sender, choice or "")


async def _apply_tap(ctx: Context, event: Event, person: UserId, choice: str) -> Answer:
    """Apply a tapped answer like a written one. A tap on no answer says nothing."""
    says = _RSVP_OF_LETTER.get(choice[:1])
    if says is None:
        return await rsvp.withdraw_answer(ctx, event, person)
    guests = int(choice[1:]) if choice[1:].isdecimal() else 0
    try:
        found = await rsvp.save_answer(ctx, event, says, None, guests)
    except UserError as error:  # in private: a tap has no line to reply to
        return Say(error.lines, to=person, loud=True, item=event.item)
    lines = rsvp_commands.confirmation_lines(found, person, ctx)
    if len(lines) == 1:
        return list(found.letters)
    return [Say(lines, to=person, loud=True, item=event.item), *found.letters]


@feature.runs(BEGUN_JOB)
async def begin_date(ctx: Context, job: Job) -> Answer:
    """Delete answers about past dates when a date of an event begins. Return what to say, if
    anything.

    With the last date the poll ends, and the deletion of all answers is scheduled.
    """
    event = await store.get_event(ctx.db, job.item) if job.item is not None else None
    if event is None or event.cancelled:
        return None
    await rsvp.forget_past_answers(ctx, event)
    if await _schedule_begin(ctx, event):
        return None
    await ctx.schedule(TIDY_JOB, ctx.said_at + ANSWERS_KEPT, item=event.item, room=event.room)
    await other_rooms.repeat(ctx, event, other_rooms.BEGUN)
    return await end_poll(ctx, MessageRef(event.item, SLOT), event.room, _begun(event))


async def _schedule_begin(ctx: Context, event: Event) -> bool:
    """Schedule the job for the beginning of the next date. Return whether there is one."""
    await ctx.cancel_jobs(event.item, BEGUN_JOB)
    coming = dates_after(event, ctx.said_at, 1)
    if coming:
        await ctx.schedule(BEGUN_JOB, coming[0].at, item=event.item, room=event.room)
    return bool(coming)


@feature.runs(TIDY_JOB)
async def delete_answers(ctx: Context, job: Job) -> Answer:
    """Delete the answers to an event that has been over for long, unless it has new dates. Return
    what to say, if anything."""
    event = await store.get_event(ctx.db, job.item) if job.item is not None else None
    if event is not None and not dates_after(event, ctx.said_at, 1):
        for forget in ctx.registry.offers(EVENT_TIDIED):
            await forget(ctx, event.item)
    return None
