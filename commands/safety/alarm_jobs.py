"""Jobs of a check-in without an `ok`: remind, ask, then tell the contacts, repeatedly."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.api import (
    Answer,
    Context,
    Effect,
    Job,
    JobKind,
    Line,
    Moment,
    Person,
    Say,
    SayUnlessSent,
    Span,
    UserId,
    _,
)
from commands.safety import alarm_recall, check_in, check_in_store
from commands.safety.check_in_store import CheckIn
from commands.safety.declaration import (
    ANSWER_TIME,
    ASK_JOB,
    DELETE_AFTER,
    END_JOB,
    LATE_AFTER,
    MOST_ALARMS,
    REMIND_BEFORE,
    SOON_JOB,
    TELL_INTERVAL,
    TELL_JOB,
    feature,
)
from commands.safety.spared import Spared, people_told, without_left_out


async def schedule_jobs(ctx: Context, one: CheckIn) -> None:
    """Schedule the reminder, question and alarm of a check-in (being back by a time). An `ok`
    cancels them."""
    if one.due - ctx.said_at > 2 * REMIND_BEFORE:
        await _schedule(ctx, one, SOON_JOB, one.due - REMIND_BEFORE)
    await _schedule(ctx, one, ASK_JOB, one.due)
    await _schedule(ctx, one, TELL_JOB, one.due + ANSWER_TIME)


async def _schedule(ctx: Context, one: CheckIn, kind: JobKind, at: datetime) -> None:
    await ctx.schedule(kind, at, item=one.item, person=one.author)


async def _open_check_in(ctx: Context, job: Job) -> CheckIn | None:
    return await check_in_store.get_check_in(ctx.db, job.item) if job.item is not None else None


@feature.runs(SOON_JOB)
async def remind(ctx: Context, job: Job) -> Answer:
    """Remind a person of their check-in, `REMIND_BEFORE` the time at which they said they would be
    back. Return the message, or None if they are back or the time is over."""
    one = await _open_check_in(ctx, job)
    if one is None or ctx.said_at >= one.due:
        return None
    lines = (
        _("You said you are back by {moment}. Are you?", moment=Moment(one.due, one.zone)),
        _("If so, write `ok`. More time: `back-by 23:30`"),
    )
    return Say(lines, to=one.author, loud=True, item=one.item)


@feature.runs(ASK_JOB)
async def ask_person(ctx: Context, job: Job) -> Answer:
    """Ask the person who is overdue whether they are back, and say whom the bot tells if they do
    not answer. Return what to say, if anything."""
    one = await _open_check_in(ctx, job)
    if one is None or ctx.said_at >= one.due + ANSWER_TIME:
        return None
    spared = await without_left_out(ctx, one)
    one = spared.one
    lines = [_("Are you back and well? Write `ok`."), *spared.lines]
    if one.named:
        who = tuple(Person(person, full=True) for person in one.named)
        lines.append(
            _(
                "Without it I tell {who} in {count} min.",
                who=who,
                count=_minutes_left(one, ctx.said_at),
            )
        )
    return Say(tuple(lines), to=one.author, loud=True, item=one.item)


async def _take_off(ctx: Context, spared: Spared) -> list[Effect]:
    """Take contacts who are not told off a check-in. Return what takes back their alarm at the
    homeserver."""
    for person in spared.gone:
        await check_in_store.remove_contact(ctx.db, spared.one.item, person)
    return [await alarm_recall.take_back(ctx, spared.one, spared.gone)] if spared.gone else []


def _minutes_left(one: CheckIn, now: datetime) -> int:
    return max(1, round((one.due + ANSWER_TIME - now).total_seconds() / 60))


@feature.runs(TELL_JOB)
async def tell_contacts(ctx: Context, job: Job) -> Answer:
    """Tell the contacts of an overdue person until one takes care of it, and tell the person that
    they know. Return what to say, if anything."""
    one = await _open_check_in(ctx, job)
    if one is None:
        return None
    spared = await without_left_out(ctx, one)
    effects, one = await _take_off(ctx, spared), spared.one
    if one.taken is not None or one.told >= MOST_ALARMS or not one.named:
        await _schedule(ctx, one, END_JOB, ctx.said_at + DELETE_AFTER)
        said = [Say(tuple(spared.lines), to=one.author, loud=True)] if spared.lines else []
        return [*effects, *said]
    await check_in_store.count_alarm(ctx.db, one.item)
    await _schedule(ctx, one, TELL_JOB, ctx.said_at + TELL_INTERVAL)
    late = job.due if one.told == 0 and ctx.said_at - job.due > LATE_AFTER else None
    alarm = tuple(_alarm_lines(one, ctx.said_at, late))
    away = [person for person in one.named if await ctx.count_undelivered(person)]
    if one.told:
        said = [Say(spared.lines, to=one.author, loud=True)] if spared.lines else []
        again = (Say(alarm, to=person, loud=True, item=one.item) for person in one.named)
        return [*effects, *again, *said]
    told = [SayUnlessSent(alarm, person, one.item) for person in one.named]
    mine = (*spared.lines, *_told_lines(one, away))
    return [*effects, *told, Say(mine, to=one.author, loud=True, item=one.item)]


def _told_lines(one: CheckIn, away: Sequence[UserId]) -> list[Line]:
    """Contacts whose last letter has not left yet count as not reached."""
    there = tuple(Person(person, full=True) for person in one.named if person not in away)
    lines = []
    if there:
        lines.append(_("I have told {who} that you did not answer.", who=there))
    if away:
        lines.append(not_reached_line(away))
    return [*lines, _("When you read this and are well: `ok`")]


def not_reached_line(people: Sequence[UserId]) -> Line:
    """Return the line that names the contacts who were not told yet, since no device of theirs is
    confirmed."""
    return _(
        "Not reached so far, perhaps as no device of theirs is confirmed: {who}.",
        who=tuple(Person(person, full=True) for person in people),
    )


def _alarm_lines(one: CheckIn, now: datetime, late: datetime | None) -> list[Line]:
    who = Person(one.author, full=True)
    lines = [
        _(
            "{who} wanted to be back by {moment} and has not answered me.",
            who=who,
            moment=Moment(one.due),
        ),
    ]
    if one.note:
        lines.append(_("They left this note: “{note}”", note=one.note))
    if late is not None:
        lines.append(_("I say it {span} late, because I was away.", span=Span(now - late)))
    others = tuple(Person(person, full=True) for person in one.named)
    if len(others) > 1:
        lines.append(_("Named are: {who}.", who=others))
    lines += [
        _("Please call them, or go and look."),
        _("If you take care of it, write `on it {number}`: then the others know.", number=one.item),
    ]
    return lines


async def tell_again(ctx: Context, one: CheckIn) -> None:
    """Tell the other contacts of an overdue person at once, since whoever looked after them has
    left."""
    await check_in_store.clear_caretaker(ctx.db, one.item, MOST_ALARMS - 1)
    for kind in (TELL_JOB, END_JOB):
        await ctx.cancel_jobs(one.item, kind)
    await _schedule(ctx, one, TELL_JOB, ctx.now)


@feature.runs(END_JOB)
async def delete_unanswered(ctx: Context, job: Job) -> Answer:
    """Delete a check-in of which nobody has said anything for a day, and tell the people it names.
    Return what to say, if anything."""
    one = await _open_check_in(ctx, job)
    if one is None:
        return None
    told = await people_told(ctx, one)
    await check_in.delete_check_in(ctx, one, None)
    who = Person(one.author, full=True)
    said = _(
        "I have heard nothing of {who} and stop here; what they left with me is deleted.", who=who
    )
    return [Say((said,), to=person, loud=True) for person in told]
