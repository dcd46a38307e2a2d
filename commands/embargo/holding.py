"""Hold something back until its time: for the capabilities that publish it then.

Until then it exists nowhere but here. So no list, search, count or summary of another capability
has to leave it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.api import (
    Context,
    EventId,
    Job,
    JobKind,
    Line,
    Moment,
    Number,
    RoomId,
    Say,
    Service,
    Span,
    UserError,
    UserId,
    _,
    dates,
    is_in,
    items,
    may_speak,
    rooms,
    shorten_line,
    verbatim,
)
from commands.embargo import held_store, typed_times
from commands.embargo.declaration import (
    DEFAULT_TIME,
    KIND,
    LATE_AFTER,
    MOST_AHEAD,
    MOST_HELD,
    feature,
)
from commands.embargo.held_store import Held

_EXAMPLE = _("For example: `publish: tomorrow 06:00`")


@dataclass(frozen=True, slots=True)
class HeldMessage:
    """A message that somebody holds back: whose words it is, and its text or its file's name."""

    said_by: UserId
    text: str


HELD_MESSAGE = Service[[Held], HeldMessage]("held message")
"""The message that something of this capability holds; `said_by` is empty for typed words."""


def read_time(ctx: Context, typed: str) -> dates.ZonedTime:
    """Return when (UTC) something is to be published; asks if it can be read in two ways.

    A day without an hour means `DEFAULT_TIME`. Raises `UserError` if it is past, more than a year
    ahead, or no date.
    """
    if not typed:
        raise UserError(_("Missing: until when it waits."), _EXAMPLE)
    read = dates.read_date(typed, ctx.said_at, ctx.policy.zone)
    if isinstance(read, dates.UnreadableDate):  # never out at once because of a slip
        raise UserError(
            _("I can't read “{typed}” as the time at which it comes out.", typed=typed[:40]),
            _EXAMPLE,
            _("If that is a part of the text, put the text in quotes."),
        )
    found = ctx.choose_reading(typed, read)
    if not found.has_time:
        wall = datetime.combine(found.wall.date(), DEFAULT_TIME)
        found = dates.ZonedTime(dates.to_utc(wall, found.zone), wall, found.zone, True)
    if found.at <= ctx.said_at:
        raise UserError(
            _("{moment} is past. Until when shall it wait?", moment=Moment(found.at, found.zone)),
            _EXAMPLE,
        )
    if found.at > ctx.said_at + MOST_AHEAD:
        raise UserError(_("That is too far away: a year at most."))
    return found


async def hold(
    ctx: Context,
    job: JobKind,
    typed: str,
    title: str,
    room: RoomId,
    content: Mapping[str, Any],
    *further: Line,
    made_of: EventId | None = None,
) -> Say:
    """Store something until the time `typed`, when `job` publishes it in `room` as its author.

    `made_of` is the message whose words it holds, if it is not the line that asked for it.
    `further` lines say what else was understood. Returns the answer, which goes to the author
    alone. Raises `UserError` for a time that does not fit, and for who has too much waiting.
    """
    when = read_time(ctx, typed)
    if not ctx.defaults.unlimited and len(await held_store.held_by(ctx.db, ctx.who)) >= MOST_HELD:
        raise UserError(
            _("{count} things of yours wait already: `!embargoes`", count=MOST_HELD),
        )
    own = RoomId(ctx.who)  # what stands there only its author sees (`permission.is_in`)
    shown = shorten_line(title, most=80)
    number = await items.add(ctx.db, feature.name, KIND, own, ctx.who, shown, ctx.said_at)
    event = made_of or ctx.origin.event or EventId("")
    one = Held(number, ctx.who, room, job, when.at, when.zone, content, event)
    await held_store.add_held(ctx.db, one)
    await _schedule(ctx, one)
    ctx.discreet = not ctx.is_private
    lines: list[Line] = [
        _(
            "Embargo {number}: “{title}” comes out {moment}.",
            number=number,
            title=verbatim(shown),
            moment=Moment(when.at, when.zone),
        ),
        *typed_times.seen_lines(ctx),
        *await _place_lines(ctx, room),
        *further,
        _(
            "Another time: `publish {number} tomorrow 06:00`. Not at all: `cancel {number}`",
            number=number,
        ),
    ]
    return Say(tuple(lines), item=number)


async def _place_lines(ctx: Context, room: RoomId) -> list[Line]:
    known = await rooms.get(ctx.db, room)
    return [_("It will stand in “{room}”.", room=verbatim(known.name))] if known else []


async def _schedule(ctx: Context, one: Held) -> None:
    await ctx.schedule(
        one.job, one.due, item=one.item, room=one.room, person=one.author, zone=one.zone
    )


async def reschedule(ctx: Context, one: Held, when: dates.ZonedTime) -> None:
    """Set another time for something that waits to be published. Its earlier job is cancelled."""
    await ctx.cancel_jobs(one.item, one.job)
    await held_store.set_due(ctx.db, one.item, when.at, when.zone)
    await ctx.schedule(
        one.job, when.at, item=one.item, room=one.room, person=one.author, zone=when.zone
    )


async def publish_now(ctx: Context, one: Held) -> None:
    """Schedule at once the job that publishes something that waits, even if its time is past."""
    await ctx.cancel_jobs(one.item, one.job)
    await ctx.schedule(one.job, ctx.said_at, item=one.item, room=one.room, person=one.author)


async def drop(ctx: Context, one: Held) -> None:
    """Delete something that waits to be published, with its item and its job."""
    await ctx.cancel_jobs(one.item, one.job)
    await held_store.delete_held(ctx.db, one.item)
    await items.delete(ctx.db, one.item)


async def release_due(ctx: Context, job: Job) -> Held | None:
    """Return what is to be published now and delete it from what waits, or None if it was taken
    back.

    Raises `UserError`, which its author is told, if the bot or the author is not in its room, or
    the author may not speak there.
    """
    one = await held_store.get_held(ctx.db, job.item) if job.item is not None else None
    if one is None:
        return None
    room = await rooms.get(ctx.db, one.room)
    if room is None or not room.joined or not await is_in(ctx, one.room, one.author):
        raise UserError(
            _(
                "Embargo {number} could not come out: you or I are not in that room any more.",
                number=one.item,
            ),
            _("To take it back: `cancel {number}`", number=one.item),
        )
    if not await may_speak(ctx, one.room, one.author):
        raise UserError(
            _(
                "Embargo {number} could not come out: you can't write in “{room}” for now.",
                number=one.item,
                room=verbatim(room.name),
            ),
            _(
                "Once you can: `publish {number}`. To take it back: `cancel {number}`",
                number=one.item,
            ),
        )
    await held_store.delete_held(ctx.db, one.item)
    await items.close(ctx.db, one.item)
    return one


def late_facts(ctx: Context, one: Held) -> dict[str, Any]:
    """Return the facts for `late_lines` about something published late; empty if it is on time."""
    late = ctx.said_at - one.due
    if late <= LATE_AFTER:
        return {}
    return {"late": late.total_seconds(), "was_due": one.due.timestamp(), "clock": one.zone}


def late_lines(facts: Mapping[str, Any]) -> list[Line]:
    """Return a line for those who read something that comes out late because the bot was away."""
    if "late" not in facts:
        return []
    return [
        _(
            "Late by {span}, because I was away: it was due {moment}.",
            span=Span(timedelta(seconds=facts["late"])),
            moment=Moment(datetime.fromtimestamp(facts["was_due"], UTC), facts["clock"]),
        )
    ]


def published_message(ctx: Context, one: Held, number: Number) -> Say:
    """Return the message to the author that what waited is published, with its own number."""
    said = _("Embargo {embargo} is out, as number {number}.", embargo=one.item, number=number)
    return Say((said, *late_lines(late_facts(ctx, one))), to=one.author, item=number)
