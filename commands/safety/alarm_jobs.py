"""Jobs of a check-in without an `ok`: remind, ask, then tell the contacts, repeatedly."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.api import Answer, Context, Job, Line, Moment, Person, Say, Span, UserId, _
from commands.safety import check_in, check_in_store
from commands.safety.check_in_store import Return
from commands.safety.declaration import BEFORE, EVERY, GRACE, LATE, MOST_TOLD, OVER, feature


async def wind(ctx: Context, one: Return) -> None:
    """Schedule the jobs. An `ok` cancels them."""
    if one.due - ctx.now > 2 * BEFORE:
        await _later(ctx, one, "soon", one.due - BEFORE)
    await _later(ctx, one, "ask", one.due)
    await _later(ctx, one, "tell", one.due + GRACE)


async def _later(ctx: Context, one: Return, name: str, at: datetime) -> None:
    await ctx.schedule(name, at, item=one.item, person=one.author)


async def _open(ctx: Context, job: Job) -> Return | None:
    return await check_in_store.get(ctx.db, job.item) if job.item is not None else None


@feature.job("soon")
async def soon(ctx: Context, job: Job) -> Answer:
    one = await _open(ctx, job)
    if one is None or ctx.now >= one.due:
        return None
    lines = (
        _("You said you are back by {moment}. Are you?", moment=Moment(one.due, one.zone)),
        _("If so, write `ok`. More time: `back-by 23:30`"),
    )
    return Say(lines, to=one.author, loud=True, item=one.item)


@feature.job("ask")
async def ask(ctx: Context, job: Job) -> Answer:
    one = await _open(ctx, job)
    if one is None or ctx.now >= one.due + GRACE:
        return None
    lines = [_("Are you back and well? Write `ok`.")]
    if one.named:
        who = tuple(Person(person, full=True) for person in one.named)
        lines.append(
            _("Without it I tell {who} in {count} min.", who=who, count=_left(one, ctx.now))
        )
    return Say(tuple(lines), to=one.author, loud=True, item=one.item)


def _left(one: Return, now: datetime) -> int:
    return max(1, round((one.due + GRACE - now).total_seconds() / 60))


@feature.job("tell")
async def tell(ctx: Context, job: Job) -> Answer:
    """Tell the contacts until one takes care of it, and tell the person that they know."""
    one = await _open(ctx, job)
    if one is None:
        return None
    if one.taken is not None or one.told >= MOST_TOLD or not one.named:
        await _later(ctx, one, "end", ctx.now + OVER)
        return None
    await check_in_store.told_again(ctx.db, one.item)
    await _later(ctx, one, "tell", ctx.now + EVERY)
    late = job.due if one.told == 0 and ctx.now - job.due > LATE else None
    alarm = tuple(_alarm(one, ctx.now, late))
    away = [person for person in one.named if await ctx.waiting_letters(person)]
    said = [Say(alarm, to=person, loud=True) for person in one.named]
    if one.told:
        return said
    return [*said, Say(tuple(_told(one, away)), to=one.author, loud=True, item=one.item)]


def _told(one: Return, away: Sequence[UserId]) -> list[Line]:
    """Contacts whose last letter has not left yet count as not reached."""
    there = tuple(Person(person, full=True) for person in one.named if person not in away)
    lines = []
    if there:
        lines.append(_("I have told {who} that you did not answer.", who=there))
    if away:
        lines.append(not_reached(away))
    return [*lines, _("When you read this and are well: `ok`")]


def not_reached(people: Sequence[UserId]) -> Line:
    return _("Not reached so far, perhaps as no device of theirs is confirmed: {who}.",
             who=tuple(Person(person, full=True) for person in people))  # fmt: skip


def _alarm(one: Return, now: datetime, late: datetime | None) -> list[Line]:
    who = Person(one.author, full=True)
    lines = [
        _("{who} wanted to be back by {moment} and has not answered me.",
          who=who, moment=Moment(one.due)),
    ]  # fmt: skip
    if one.note:
        lines.append(_("They left this note: “{note}”", note=one.note))
    if late is not None:
        lines.append(_("I say it {span} late, because I was away.", span=Span(now - late)))
    others = tuple(Person(person, full=True) for person in one.named)
    if len(others) > 1:
        lines.append(_("Named are: {who}.", who=others))
    lines += [
        _("Please call them, or go and look."),
        _("If you take care of it, write `on it {number}`: then the others know.",
          number=one.item),
    ]  # fmt: skip
    return lines


async def again(ctx: Context, one: Return) -> None:
    """Tell the other contacts at once, since the one who took care of it is gone."""
    await check_in_store.let_go(ctx.db, one.item, MOST_TOLD - 1)
    await ctx.call_off(one.item)
    await _later(ctx, one, "tell", ctx.read)


@feature.job("end")
async def end(ctx: Context, job: Job) -> Answer:
    """Delete a check-in of which nobody has said anything for a day."""
    one = await _open(ctx, job)
    if one is None:
        return None
    await check_in.over(ctx, one)
    who = Person(one.author, full=True)
    said = _("I have heard nothing of {who} and stop here; what they left with me is deleted.",
             who=who)  # fmt: skip
    return [Say((said,), to=person, loud=True) for person in one.named]
