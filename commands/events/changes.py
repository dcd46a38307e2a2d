"""What every change of an event shares: permission, announcement and undo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.api import (
    Context,
    Edit,
    Effect,
    Item,
    Line,
    MessageRef,
    Say,
    UserError,
    _,
    items,
)
from commands.events import other_rooms, store, texts
from commands.events.consequences import cancelled_lines, change_steps, follow_change, message_lines
from commands.events.creation import load_event, schedule_end
from commands.events.declaration import OVER_JOB, feature
from commands.events.event import Date, Event, next_date
from commands.events.extensions import expected_people


async def load_changeable(ctx: Context, item: Item) -> Event:
    """Return the event of this item. Raises `UserError` if the person may not change it.

    Its author and the moderators of its room may.
    """
    event = await load_event(ctx, item.number)
    if not await ctx.may_change(item):
        raise UserError(
            _(
                "You can't change event {number}: that is for its author or the moderators.",
                number=item.number,
            )
        )
    return event


def check_own_network(ctx: Context, event: Event) -> None:
    """Raise `UserError` if the event comes from another network, which alone may change it."""
    if event.author == ctx.me:
        raise UserError(
            _("Event {number} is another network's: only they change it.", number=event.item),
            _("To take it out of this agenda: `!cancel {number}`", number=event.item),
        )


def check_open(ctx: Context, event: Event) -> None:
    """Raise `UserError` if the event was cancelled or is over."""
    if event.cancelled:
        raise UserError(_("Event {number} was cancelled.", number=event.item))
    if next_date(event, ctx.said_at) is None:
        raise UserError(
            _(
                "Event {number}, “{title}”, is over.",
                number=event.item,
                title=texts.shorten_title(event.title),
            ),
            _(
                "For a new one: `!event {title} tomorrow 20h`",
                title=texts.shorten_title(event.title),
            ),
        )


async def save_change(ctx: Context, event: Event) -> None:
    """Store a changed event; reopen its item while a date is upcoming, else close it."""
    await store.save_event(ctx.db, event, ctx.said_at)
    if next_date(event, ctx.said_at) is None:
        await ctx.cancel_jobs(event.item, OVER_JOB)
        await items.close(ctx.db, event.item)
    else:
        await items.reopen(ctx.db, event.item)
        await schedule_end(ctx, event)


async def announce_change(
    ctx: Context,
    before: Event,
    after: Event,
    when: Date | None,
    line: Line,
    *,
    people: bool = True,
) -> list[Line | Effect]:
    """Announce an event's change: one line in each room, and privately to each person who is
    expected. Return what to say.

    In the room nobody is mentioned, so that nothing rings twice. With `people=False` nobody is
    written to, for changes that need not reach them at once. Also edits the event's message and
    carries the change over to what depends on it.
    """
    opening = MessageRef(after.item, "opening")
    effects: list[Line | Effect] = [
        Say((line,), room=after.room, reply_to=opening, loud=people, item=after.item)
    ]
    lines = await message_lines(ctx, after) or (cancelled_lines(after) if after.cancelled else ())
    if lines:
        effects.append(Edit(opening, lines, room=after.room))
    if people:
        told = (line, *await change_steps(ctx, before, after))
        effects += [
            Say(told, to=person, loud=True, item=after.item)
            for person in await expected_people(ctx, before, when)
            if person != ctx.who
        ]
    effects += await follow_change(ctx, after, before)
    stage = other_rooms.CHANGED if people else other_rooms.EDITED
    await other_rooms.repeat(ctx, after, stage, when)
    return effects if after.room == ctx.room else [line, *effects]


# --- undo -----------------------------------------------------------------------------------------


def snapshot(event: Event) -> dict[str, Any]:
    """Return the event as the undo data of a log entry.

    The log deletes it when its author is forgotten.
    """
    return {
        "number": event.item,
        "sequence": event.sequence,
        "author": event.author,
        "title": event.title,
        "start": event.start.isoformat(),
        "zone": event.zone,
        "all_day": event.all_day,
        "length": event.length.total_seconds() if event.length is not None else None,
        "rule": event.rule,
        "place": event.place,
        "link": event.link,
        "about": event.about,
        "seats": event.seats,
        "guests": event.guests,
        "remind": [r.total_seconds() for r in event.remind] if event.remind is not None else None,
        "cancelled": event.cancelled,
        "changed": {
            key.isoformat(): start.isoformat() if start else None
            for key, start in event.changed.items()
        },
    }


def restore_snapshot(event: Event, kept: Mapping[str, Any]) -> Event:
    """Return the event as it was in a snapshot, with a higher sequence number for calendars."""
    length, remind = kept["length"], kept["remind"]
    return replace(
        event,
        title=kept["title"],
        start=datetime.fromisoformat(kept["start"]),
        zone=kept["zone"],
        all_day=kept["all_day"],
        length=timedelta(seconds=length) if length is not None else None,
        rule=kept["rule"],
        place=kept["place"],
        link=kept["link"],
        about=kept["about"],
        seats=kept["seats"],
        guests=kept["guests"],
        remind=tuple(timedelta(seconds=s) for s in remind) if remind is not None else None,
        cancelled=kept["cancelled"],
        changed={
            datetime.fromisoformat(key): datetime.fromisoformat(start) if start else None
            for key, start in kept["changed"].items()
        },
        sequence=event.sequence + 1,
    )


async def _undo_change(ctx: Context, kept_then: Mapping[str, Any]) -> list[Line | Effect]:
    event = await store.get_event(ctx.db, kept_then["number"])
    if event is None or event.sequence != kept_then["sequence"] + 1:
        raise UserError(
            _("The event was changed again since, so I left it as it is."),
        )
    before = restore_snapshot(event, kept_then)
    if next_date(before, ctx.said_at) is None:
        raise UserError(_("No date would be left."))
    await save_change(ctx, before)
    coming = next_date(before, ctx.said_at)
    assert coming is not None
    line = _(
        "Event {number}, “{title}”, is as it was before: {when}.",
        number=before.item,
        title=texts.shorten_title(before.title),
        when=texts.date_line(before, coming),
    )
    return await announce_change(ctx, before, before, None, line)


for _act in ("moved", "cancelled", "changed"):
    feature.undo(_act)(_undo_change)
