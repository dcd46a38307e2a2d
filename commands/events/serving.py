"""What the events do for other capabilities, and for a person's data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from uuid import uuid4

from bot.api import (
    Context,
    Day,
    Effect,
    Line,
    Moment,
    Number,
    RoomId,
    Say,
    UserId,
    _,
    dates,
    items,
    log,
    n_,
)
from commands.events import args, departing, say, store, tapping
from commands.events.base import feature, who_goes
from commands.events.event import Event, next_date
from commands.events.opening import opened

SUMMARY = 3
"""So many events are named to who comes in."""
PENDING = 5
"""So many events to come stand among what is open; the rest is in the agenda."""


@feature.service("schedule")
async def schedule(
    ctx: Context, title: str, start: datetime, room: RoomId, author: UserId
) -> list[Line | Effect]:
    """An event of a date that was decided; midnight is a day without an hour."""
    zone = (await ctx.for_room(room)).zone
    wall = dates.to_wall(start, zone)
    short = " ".join(title.split())[: args.LONGEST_TITLE]
    number = await items.add(ctx.db, feature.name, "event", room, author, short, ctx.now)
    made = Event(
        item=number,
        room=room,
        author=author,
        title=short,
        start=wall,
        zone=zone,
        all_day=wall.time() == time(),
        uid=f"{uuid4()}@minga",
    )
    if next_date(made, ctx.now) is None:
        await items.drop(ctx.db, number)
        return [_("That date has passed, so I made no event of it.")]
    return await opened(ctx, made)


@feature.service("pending")
async def pending(ctx: Context, room: RoomId) -> list[Line]:
    """The next few events."""
    lines = []
    for event in await store.coming(ctx.db, room, PENDING):
        coming = next_date(event, ctx.now)
        if coming is not None:
            lines.append(
                _(
                    "Event {number}: {when}, {title}",
                    number=event.item,
                    when=say.moment(event, coming, with_zone=False),
                    title=say.short(event.title),
                )
            )
    return lines


@feature.service("summary")
async def summary(ctx: Context, places: Sequence[RoomId]) -> list[Line]:
    """What comes in these rooms, for who has just come in; on their own clock."""
    lines = []
    for event in await store.soonest(ctx.db, places, SUMMARY):
        coming = next_date(event, ctx.now)
        if coming is not None:
            shown = Day(coming.at, event.zone) if event.all_day else Moment(coming.at)
            lines.append(
                _(
                    "{when}: {title} ({number})",
                    when=shown,
                    title=say.short(event.title),
                    number=event.item,
                )
            )
    return [_("What comes:"), *lines, _("All that comes: `!events`")] if lines else []


@feature.service("describe")
async def describe(_ctx: Context, entry: log.Entry) -> Line | None:
    """Our own lines of the log."""
    number = entry.facts.get("number")
    if entry.act == "moved":
        return _("moved event {number}", number=number)
    if entry.act == "cancelled" and "day" in entry.facts:
        return _("cancelled a date of event {number}: {day}", number=number,
                 day=entry.facts["day"])  # fmt: skip
    if entry.act == "cancelled":
        return _("cancelled event {number}", number=number)
    if entry.act == "changed":
        return _("changed event {number}", number=number)
    if entry.act == "there":
        count = entry.facts["count"]
        return n_(
            "noted that {count} person was at event {number}",
            "noted that {count} people were at event {number}",
            count,
            number=number,
        )
    return None


@feature.service("move")
async def move(ctx: Context, old: RoomId, new: RoomId) -> list[Effect]:
    """The agenda of the room goes along."""
    await store.move(ctx.db, old, new)
    return await tapping.moved(ctx, old, new)


@feature.service("forget")
async def forget(ctx: Context, person: UserId) -> list[Line]:
    """What is over, or to which nobody goes, goes whole; the rest stays, as nobody's."""
    said = await departing.forget(ctx, person)
    dropped = 0
    for number in await store.written_by(ctx.db, person):
        event = await store.get(ctx.db, number)
        if event is None or [p for p in await _others(ctx, event) if p != person]:
            continue
        for gone in ctx.registry.services("gone"):
            await gone(ctx, number)
        await ctx.call_off(number)
        await items.drop(ctx.db, number)
        dropped += 1
    if dropped:
        said.append(n_("{count} event deleted", "{count} events deleted", dropped))
    return said


async def _others(ctx: Context, event: Event) -> list[UserId]:
    """Who counts on it still."""
    if next_date(event, ctx.now) is None:
        return []
    return await who_goes(ctx, event)


@feature.service("export")
async def export(ctx: Context, person: UserId) -> list[Line]:
    """Each event that a person made, those that are over too."""
    found = []
    for number in await store.written_by(ctx.db, person):
        event = await store.get(ctx.db, number)
        if event is not None:
            at = dates.to_utc(event.start, event.zone)
            found.append(
                _(
                    'Event {number} that you made: "{title}", {moment}, {place}',
                    number=event.item,
                    title=event.title,
                    moment=Moment(at, event.zone),
                    place=tuple(filter(None, (event.place, event.link, event.about))) or ("-",),
                )
            )
    return [*found, *await departing.export(ctx, person)]


@feature.service("restored")
async def restored(ctx: Context, made: datetime) -> list[Effect]:
    """Dates are as they were then; who answered or moved something since does it again."""
    effects: list[Effect] = []
    for room, numbers in (await store.coming_by_room(ctx.db)).items():
        line = n_(
            "An event to come is as it was at {moment}; what was answered or changed since is"
            " missing: {numbers}",
            "{count} events to come are as they were at {moment}; what was answered or changed"
            " since is missing: {numbers}",
            len(numbers),
            moment=Moment(made),
            numbers=_listed(numbers),
        )
        effects.append(Say((line, _("To see them: `!events`")), room=room))
    return effects


def _listed(numbers: list[Number]) -> str:
    shown = ", ".join(map(str, numbers[:20]))
    return f"{shown} …" if len(numbers) > 20 else shown
