"""Say in the other rooms of an event what its own room reads: its opening, its changes, its end.

A job writes a few rooms at a time, so that other people's answers need not wait for hundreds.
Each page says how the event is then; an older page that is late says nothing that is not so any
more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.api import (
    Answer,
    Context,
    Day,
    Edit,
    Effect,
    Item,
    Job,
    Line,
    Person,
    RoomId,
    Say,
    UserError,
    _,
    items,
    n_,
)
from commands.events import map_points, store, texts
from commands.events.consequences import cancelled_lines, message_lines
from commands.events.declaration import ROOMS_JOB, feature
from commands.events.event import Date, Event, date_with_key, make_date, next_date
from commands.events.extensions import EVENT_ELSEWHERE
from commands.many_rooms.pages import next_rooms
from commands.many_rooms.room_choice import choose_rooms, people_of, preview_lines

OPEN, CHANGED, EDITED, BEGUN = "open", "changed", "edited", "begun"
"""The stages: it is new; a change that is said; one that only the message shows; the last date."""


async def repeat(
    ctx: Context,
    event: Event,
    stage: str,
    when: Date | None = None,
    *,
    only: Sequence[RoomId] | None = None,
) -> None:
    """Schedule the messages about a stage of an event for its other rooms, or only some of them.

    `when` is the date of a series that was changed. Where it is answered nothing is said twice.
    """
    if not event.others:
        return
    await ctx.schedule(
        ROOMS_JOB,
        ctx.now,
        item=event.item,
        room=event.room,
        person=ctx.who if stage == CHANGED else None,
        stage=stage,
        date=when.key.isoformat() if when is not None else None,
        answered=ctx.room if stage == CHANGED else None,
        only=list(only) if only is not None else None,
    )


@feature.runs(ROOMS_JOB)
async def write_page(ctx: Context, job: Job) -> Answer:
    """Post a stage of an event in the next few of its rooms, and schedule the rest. Rooms that are
    lost are left out. Return what to say, if anything."""
    item = await items.get(ctx.db, job.item) if job.item is not None else None
    event = await store.get_event(ctx.db, item.number) if item is not None else None
    if item is None or event is None:
        return None
    stage = str(job.payload["stage"])
    effects: list[Effect] = []
    for room in await next_rooms(ctx, item, job, ROOMS_JOB):
        effects += await _messages(ctx, item, event, room, job)
        for offer in ctx.registry.offers(EVENT_ELSEWHERE):
            effects += await offer(ctx, item, event, room, stage)
    return effects


async def opening_message(
    ctx: Context, item: Item, event: Event, room: RoomId, *first: Line
) -> list[Effect]:
    """Return the message and the map point of an event in another room; nothing if it is over."""
    lines = await message_lines(ctx, event, room)
    if not lines:
        return []
    slot = item.ref(room, "opening").slot
    said = (*first, *lines)
    message = Say(said, room=room, loud=True, item=item.number, slot=slot)
    return [message, *map_points.post_location(event, None, room)]


async def _messages(ctx: Context, item: Item, event: Event, room: RoomId, job: Job) -> list[Effect]:
    stage, opening = job.payload["stage"], item.ref(room, "opening")
    if stage == OPEN:
        return await opening_message(ctx, item, event, room)
    effects: list[Effect] = []
    if stage == CHANGED and room != job.payload["answered"]:
        line = _change_line(ctx, event, job)
        effects.append(Say((line,), room=room, reply_to=opening, loud=True, item=item.number))
    lines = await message_lines(ctx, event, room)
    if not lines and event.cancelled:
        lines = cancelled_lines(event)
    return [*effects, Edit(opening, lines, room=room)] if lines else effects


def _change_line(ctx: Context, event: Event, job: Job) -> Line:
    """Return the line that says what somebody changed: how it is now."""
    named = {
        "person": Person(job.person or event.author),
        "number": event.item,
        "title": texts.shorten_title(event.title),
    }
    if event.cancelled:
        return _("{person} cancelled event {number}, “{title}”.", **named)
    key = datetime.fromisoformat(job.payload["date"]) if job.payload["date"] else None
    when = date_with_key(event, key) if key is not None else next_date(event, ctx.said_at)
    if when is None and key is not None:
        day = Day(make_date(event, key).at, event.zone)
        return _(
            "{person} cancelled one date of event {number}, “{title}”: {day}. The others stay.",
            day=day,
            **named,
        )
    if when is None:
        return _("{person} changed event {number}, “{title}”.", **named)
    now = (texts.date_line(event, when), *texts.place_lines(event))
    return _("{person} changed event {number}, “{title}”. Now: {what}", what=now, **named)


# --- rooms that came later ----------------------------------------------------------------------


async def add_rooms(ctx: Context, event: Event, typed: str) -> Answer:
    """Show the event in those of the named rooms in which it does not stand yet, after a yes.
    Return what to say, if anything.

    Raises `UserError` if it stands in all of them, and for rooms in which it may not.
    """
    chosen = await choose_rooms(ctx, event.room, typed)
    fresh = tuple(room for room in chosen.others if room.room not in event.others)
    if not fresh:
        raise UserError(_("Event {number} stands there already.", number=event.item))
    chosen = replace(chosen, others=fresh)
    ctx.confirm(*await preview_lines(ctx, chosen, len(await people_of(ctx, chosen))))
    added = chosen.every[1:]
    await items.show_in(ctx.db, event.item, added)
    after = await store.get_event(ctx.db, event.item)
    assert after is not None
    await repeat(ctx, after, OPEN, only=added)
    await repeat(ctx, after, EDITED, only=event.others)
    return n_(
        "Event {number}, “{title}”, stands in {count} room more.",
        "Event {number}, “{title}”, stands in {count} rooms more.",
        len(added),
        number=event.item,
        title=texts.shorten_title(event.title),
    )
