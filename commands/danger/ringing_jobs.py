"""Call helpers again until one answers, and tell the caller whom the call has not reached."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.api import (
    CALL_CHANGED,
    Answer,
    Context,
    Effect,
    Job,
    Line,
    Moment,
    Person,
    Say,
    Span,
    UserId,
    _,
    items,
)
from commands.danger import call_store
from commands.danger.call_reach import reach_of
from commands.danger.call_store import PanicCall
from commands.danger.declaration import (
    FIRST_CALLS,
    FIRST_INTERVAL,
    GIVE_UP_AFTER,
    LATE_AFTER,
    LATER_INTERVAL,
    REACH_CHECK_AFTER,
    REACHED_JOB,
    RING_JOB,
    TAKEN_BACK_JOB,
    feature,
)

__all__ = [
    "REACH_CHECK_AFTER",
    "announce_change",
    "call_anew",
    "end_call",
    "ring_interval",
    "ring_once",
]


def ring_interval(one: PanicCall) -> timedelta:
    """Return the time from this round of a call for help to the next one."""
    return FIRST_INTERVAL if one.rung < FIRST_CALLS else LATER_INTERVAL


async def ring_once(ctx: Context, one: PanicCall, called: Sequence[UserId]) -> list[Line | Effect]:
    """Write to everybody called for help, and schedule the next round. Return what to say."""
    await call_store.record_ring(ctx.db, one.item, called)
    await ctx.schedule(RING_JOB, ctx.now + ring_interval(one), item=one.item, person=one.author)
    alarm = tuple(_alarm_lines(ctx, one, called))
    return [Say(alarm, to=person, loud=True, item=one.item) for person in called]


def _alarm_lines(ctx: Context, one: PanicCall, called: Sequence[UserId]) -> list[Line]:
    who = Person(one.author, full=True)
    lines = [
        _("{who} is in danger and calls for help, since {moment}.", who=who, moment=Moment(one.at))
    ]
    if one.note:
        lines.append(_("They wrote: “{note}”", note=one.note))
    if one.rung == 0 and ctx.now - one.at > LATE_AFTER:
        lines.append(_("I say it {span} late, because I was away.", span=Span(ctx.now - one.at)))
    if len(called) > 1:
        others = tuple(Person(person, full=True) for person in called)
        lines.append(_("I am calling: {who}.", who=others))
    return [
        *lines,
        _(
            "Please look after them now, and write `going {number}`: then the others know, and I"
            " stop calling.",
            number=one.item,
        ),
    ]


async def call_anew(ctx: Context, one: PanicCall) -> None:
    """Begin a call for help again: write to everybody at once, also if somebody has answered."""
    await call_store.set_helper(ctx.db, one.item, None)
    await ctx.cancel_jobs(one.item, RING_JOB)
    await ctx.schedule(RING_JOB, ctx.now, item=one.item, person=one.author)


async def end_call(ctx: Context, one: PanicCall) -> None:
    """End a call for help and delete everything about it, also what those it rang for have not got
    yet."""
    await ctx.cancel_jobs(one.item)
    await ctx.drop_undelivered(one.item, one.called)
    await items.delete(ctx.db, one.item)
    await announce_change(ctx, one)


async def announce_change(ctx: Context, one: PanicCall) -> None:
    """Have other capabilities heed whom a call for help leaves out now, or that it is over."""
    for heed in ctx.registry.offers(CALL_CHANGED):
        await heed(ctx, one.author)


@feature.runs(RING_JOB)
async def ring_again(ctx: Context, job: Job) -> Answer:
    """Write again to who is called for help or, after `GIVE_UP_AFTER`, tell everybody and delete
    the call. Return what to say, if anything.

    Does nothing once somebody has answered. With nobody to call, it tries again the next time. The
    caller reads who is called now and was not before.
    """
    one = await call_store.get_call(ctx.db, job.item) if job.item is not None else None
    if one is None or one.taken is not None:
        return None
    if ctx.said_at - one.at > GIVE_UP_AFTER:
        await end_call(ctx, one)
        said = _(
            "Nobody answered the call of {who} for a day. I stop here.",
            who=Person(one.author, full=True),
        )
        return [Say((said,), to=person, loud=True) for person in (*one.called, one.author)]
    called = (await reach_of(ctx, one)).called
    if not called:
        await ctx.schedule(
            RING_JOB, ctx.said_at + ring_interval(one), item=one.item, person=one.author
        )
        return None
    added = tuple(Person(person, full=True) for person in called if person not in one.called)
    said = _("Now I am calling too: {who}.", who=added)
    told = [Say((said,), to=one.author, loud=True, item=one.item)] if added else []
    return [*await ring_once(ctx, one, called), *told]


@feature.runs(REACHED_JOB)
async def report_unreached(ctx: Context, job: Job) -> Answer:
    """Tell the caller of help who was called but not reached yet, so that they don't count on them.
    Return what to say, if anything."""
    one = await call_store.get_call(ctx.db, job.item) if job.item is not None else None
    if one is None or one.taken is not None:
        return None
    away = [person for person in one.called if await ctx.count_undelivered(person)]
    if not away:
        return None
    there = tuple(Person(person, full=True) for person in one.called if person not in away)
    lines = [
        _(
            "Not reached so far, perhaps as no device of theirs is confirmed: {who}.",
            who=tuple(Person(person, full=True) for person in away),
        ),
        _("Called and not answered yet: {who}.", who=there)
        if there
        else _("Nobody has been reached. Call somebody you trust, or the emergency number."),
    ]
    return Say(tuple(lines), to=one.author, loud=True, item=one.item)


@feature.runs(TAKEN_BACK_JOB)
async def announce_cancel(ctx: Context, job: Job) -> list[Effect]:
    """Tell everybody who was called that the call for help is cancelled. Return the messages."""
    said = _("{who} wrote that it is over. Nothing to do any more.", who=Person(ctx.who, full=True))
    return [Say((said,), to=UserId(person), loud=True) for person in job.payload["called"]]
