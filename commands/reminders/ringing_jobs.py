"""Jobs that ring reminders: on time, late, and again after a snooze."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.api import (
    Answer,
    Context,
    Item,
    Job,
    Line,
    Membership,
    Moment,
    Person,
    Say,
    Span,
    UserId,
    _,
    dates,
    items,
    n_,
    rooms,
)
from commands.reminders import reminder_store
from commands.reminders.declaration import AGAIN_JOB, RING_JOB, feature
from commands.reminders.reminder_store import Reminder

LATE_AFTER = timedelta(minutes=5)
"""A reminder later than this says so."""
MOST_MISSED = 50
"""Missed occurrences are counted up to this number."""


@feature.runs(RING_JOB)
async def ring(ctx: Context, job: Job) -> Answer:
    """Post a reminder that is due, and schedule its next occurrence or close it. Return what to
    say, if anything.

    Occurrences missed while the bot was away are only counted.
    """
    found = await _open_reminder(ctx, job)
    if found is None:
        return None
    item, one = found
    lines = await _ring_lines(ctx, item, one, job.due)
    if one.rule is None or one.start is None:
        await items.close(ctx.db, item.number)
        return await _ring_message(ctx, item, one, lines)
    lines += _missed_lines(one, job.due, ctx.said_at)
    following = dates.next_after(one.rule, one.start, one.zone, ctx.said_at)
    if following is None:
        await items.close(ctx.db, item.number)
        lines.append(_("That was the last time."))
        return await _ring_message(ctx, item, one, lines)
    await reminder_store.set_due(ctx.db, item.number, following.at)
    await ctx.schedule(
        RING_JOB, following.at, item=item.number, room=item.room, person=item.author, zone=one.zone
    )
    moment = Moment(following.at, one.zone)
    lines.append(
        _("Next time: {moment}. To stop: `!cancel {number}`", moment=moment, number=one.item)
    )
    return await _ring_message(ctx, item, one, lines)


@feature.runs(AGAIN_JOB)
async def ring_snoozed(ctx: Context, job: Job) -> Answer:
    """Post a snoozed reminder again. Its series, if it is one, rings at its own times all the same.
    Return what to say, if anything."""
    found = await _open_reminder(ctx, job)
    if found is None:
        return None
    item, one = found
    if not await ctx.has_job(item.number, RING_JOB):
        await items.close(ctx.db, item.number)
    return await _ring_message(ctx, item, one, await _ring_lines(ctx, item, one, job.due))


async def _open_reminder(ctx: Context, job: Job) -> tuple[Item, Reminder] | None:
    if job.item is None:
        return None
    item, one = (
        await items.get(ctx.db, job.item),
        await reminder_store.get_reminder(ctx.db, job.item),
    )
    return (item, one) if item and item.open and one else None


async def _ring_lines(ctx: Context, item: Item, one: Reminder, due: datetime) -> list[Line]:
    """Return the lines to say; if late, also by how much, why, and when it was due."""
    snooze = _("Again in 15 min: `!snooze {number} 15m`", number=one.item)
    person = Person(item.author)
    if ctx.said_at - due > LATE_AFTER:
        span, moment = Span(ctx.said_at - due), Moment(due, one.zone)
        said = (
            _('Late by {span}, because I was away: "{text}".', span=span, text=one.title)
            if one.private
            else _(
                '{person}, late by {span}, because I was away: "{text}".',
                person=person,
                span=span,
                text=one.title,
            )
        )
        return [said, _("It was due {moment}. {snooze}", moment=moment, snooze=snooze)]
    if one.private:
        return [_('Reminder: "{text}".', text=one.title), snooze]
    return [_('Reminder for {person}: "{text}".', person=person, text=one.title), snooze]


def _missed_lines(one: Reminder, due: datetime, now: datetime) -> list[Line]:
    count, at = 0, due
    while count < MOST_MISSED and one.rule and one.start:
        following = dates.next_after(one.rule, one.start, one.zone, at)
        if following is None or following.at > now:
            break
        count, at = count + 1, following.at
    if count == 0:
        return []
    if count == MOST_MISSED:
        return [_("Meanwhile more than {count} other times passed without ringing.", count=count)]
    return [
        n_(
            "Meanwhile {count} other time passed without ringing.",
            "Meanwhile {count} other times passed without ringing.",
            count,
        )
    ]


async def _ring_message(ctx: Context, item: Item, one: Reminder, lines: list[Line]) -> Say:
    """Return a message to the person alone, or to the room with a mention if they are still
    there."""
    said, number = tuple(lines), item.number
    if one.private:
        return Say(said, to=item.author, loud=True, item=number, slot="ring")
    there = await rooms.membership(ctx.db, item.room, item.author) is Membership.JOIN
    mentions: tuple[UserId, ...] = (item.author,) if there else ()
    return Say(
        said,
        room=item.room,
        thread=one.thread,
        mentions=mentions,
        loud=True,
        item=number,
        slot="ring",
    )
