"""Answer an event by a tap on the native poll that stands beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.api import (
    Answer,
    Context,
    Effect,
    EndPoll,
    Item,
    Job,
    Line,
    Membership,
    PollVote,
    Redaction,
    Ref,
    RoomId,
    Say,
    Setting,
    StartPoll,
    Switch,
    UserError,
    UserId,
    _,
    items,
    n_,
    rooms,
    words,
)
from commands.events import store, texts
from commands.events.attendance import rsvp, rsvp_commands
from commands.events.attendance import rsvp_store as kept
from commands.events.attendance.roster import Says
from commands.events.declaration import beside, feature
from commands.events.event import Event
from commands.events.event import dates as dates_of

POLL = Setting(
    "tap_poll",
    words("toque", "toque", "tap", "botones | botões | buttons"),
    Switch(),
    "yes",
    _("Beside each new event stands a poll: who comes says so with a tap."),
)
feature.settings.append(POLL)
SLOT = "poll"
MOST_GUESTS = 4
"""How many guests can be tapped; for more, people write."""
KEPT = timedelta(days=7)
"""How long after the last date the answers are stored."""
MOST_MOVED = 200
_SAYS = {"y": Says.YES, "m": Says.MAYBE, "n": Says.NO}


@beside
async def poll(ctx: Context, event: Event, before: Event | None) -> list[Effect]:
    """Start a poll beside a new event and end it when the event is cancelled."""
    if not event.cancelled:
        await ctx.call_off(event.item, "tidy")
        await _wait(ctx, event)
    if before is None:
        return [_start(ctx, event)] if await ctx.setting(POLL, event.room) == "yes" else []
    if event.cancelled and not before.cancelled:
        named = {"title": texts.short(event.title), "number": event.item}
        return await ended(ctx, event, _('"{title}" ({number}) was cancelled.', **named))
    return []


def _start(ctx: Context, event: Event) -> StartPoll:
    here = event.room == ctx.room
    return StartPoll(
        f"{texts.short(event.title)} ({event.item})",
        tuple(answers(event)),
        item=event.item,
        slot=SLOT,
        room=event.room,
        thread=ctx.origin.thread if here else None,
    )


def answers(event: Event) -> list[tuple[str, Line]]:
    """Return the id and the text of each answer. The id holds the answer and the guests."""
    every = event.rule is not None
    come = _("I'm coming, every date") if every else _("I'm coming")
    more = [
        (f"y{n}", n_("I'm coming with {count} more", "I'm coming with {count} more", n))
        for n in range(1, min(event.guests, MOST_GUESTS) + 1)
    ]
    return [("y", come), *more, ("m", _("Maybe")), ("n", _("I'm not coming"))]


async def moved(ctx: Context, old: RoomId, new: RoomId) -> list[Effect]:
    """End the polls in the old room and start them in the new one. The answers stay."""
    if await ctx.setting(POLL, new) != "yes":
        return []
    effects: list[Effect] = []
    for event in await store.coming(ctx.db, new, MOST_MOVED):
        gone = _("Event {number} goes on in the new room.", number=event.item)
        if await items.event_of(ctx.db, Ref(event.item, SLOT)) is not None:
            effects.append(EndPoll(Ref(event.item, SLOT), (gone,), room=old))
        effects.append(replace(_start(ctx, event), thread=None))
    return effects


async def ended(ctx: Context, event: Event, why: Line) -> list[Effect]:
    """Return the effect that ends the event's poll, if it has one."""
    if await items.event_of(ctx.db, Ref(event.item, SLOT)) is None:
        return []
    return [EndPoll(Ref(event.item, SLOT), (why,), room=event.room)]


@feature.on(PollVote)
async def tapped(ctx: Context, tap: PollVote, item: Item) -> Answer:
    """Count a tap. The latest one of each person counts.

    Nothing is said, unless the person must wait or was refused.
    """
    event = await rsvp_commands.known(ctx, item)
    if await rooms.membership(ctx.db, item.room, tap.sender) is not Membership.JOIN:
        return None
    refused = rsvp_commands.too_late(ctx, event, None)
    if refused is not None:
        first = await kept.first_telling(ctx.db, item.number, tap.sender, "late")
        return Say(refused, to=tap.sender, item=item.number) if first else None
    before = await kept.last_tap(ctx.db, item.number, tap.sender)
    choice = tap.answers[0] if tap.answers else ""
    await kept.tapped(ctx.db, item.number, tap.sender, tap.event, tap.stamp, choice)
    if before is not None and tap.stamp < before:
        return None  # this tap was read late, after a newer one
    return await _counted(ctx, event, tap.sender, choice)


@feature.on(Redaction)
async def redacted(ctx: Context, redaction: Redaction) -> Answer:
    """Undo a tap that its sender redacted; the one before it counts again (MSC3381)."""
    found = await kept.untap(ctx.db, redaction.target, redaction.sender)
    if found is None:
        return None
    number, last, choice = found
    event = await store.get(ctx.db, number)
    if event is None or not last or rsvp_commands.too_late(ctx, event, None) is not None:
        return None
    return await _counted(ctx, event, redaction.sender, choice or "")


async def _counted(ctx: Context, event: Event, person: UserId, choice: str) -> Answer:
    """Apply a tapped answer like a written one. A tap on no answer says nothing."""
    says = _SAYS.get(choice[:1])
    if says is None:
        return await rsvp.take_back(ctx, event, person)
    guests = int(choice[1:]) if choice[1:].isdecimal() else 0
    try:
        found = await rsvp.answer(ctx, event, says, None, guests)
    except UserError as error:  # in private: a tap has no line to reply to
        return Say(error.lines, to=person, loud=True, item=event.item)
    lines = rsvp_commands.told(found, person, ctx)
    if len(lines) == 1:
        return list(found.letters)
    return [Say(lines, to=person, loud=True, item=event.item), *found.letters]


@feature.job("begun")
async def begun(ctx: Context, job: Job) -> Answer:
    """Delete answers about past dates when a date begins.

    With the last date the poll ends, and the deletion of all answers is scheduled.
    """
    event = await store.get(ctx.db, job.item) if job.item is not None else None
    if event is None or event.cancelled:
        return None
    await rsvp.forget_past(ctx, event)
    if await _wait(ctx, event):
        return None
    await ctx.schedule("tidy", ctx.now + KEPT, item=event.item, room=event.room)
    named = {"title": texts.short(event.title), "number": event.item}
    return await ended(ctx, event, _('"{title}" ({number}) has begun.', **named))


async def _wait(ctx: Context, event: Event) -> bool:
    """Schedule the job for the beginning of the next date. Return whether there is one."""
    await ctx.call_off(event.item, "begun")
    coming = dates_of(event, ctx.now, 1)
    if coming:
        await ctx.schedule("begun", coming[0].at, item=event.item, room=event.room)
    return bool(coming)


@feature.job("tidy")
async def tidy(ctx: Context, job: Job) -> Answer:
    """Delete the answers to an event that has been over for long."""
    event = await store.get(ctx.db, job.item) if job.item is not None else None
    if event is not None and not dates_of(event, ctx.now, 1):
        await kept.forget_answers(ctx.db, event.item)
    return None
