"""Takes alarms back from the homeserver, and tells those concerned if it gives none back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.api import (
    SENT_BEFORE,
    Answer,
    Callback,
    Context,
    Effect,
    Job,
    JobKind,
    Line,
    Moment,
    Number,
    Person,
    Say,
    TakeBackLater,
    UserId,
    _,
    delayed_messages,
)
from commands.safety import check_in_store
from commands.safety.check_in_store import CheckIn
from commands.safety.declaration import (
    ANSWER_TIME,
    LOOK_AFTER,
    LOOK_INTERVAL,
    LOOK_JOB,
    NOT_RECALLED_JOB,
    RECALL_JOB,
    RECALLED_BACK_JOB,
    RECALLED_OVER_JOB,
    RECALLED_WITHIN,
    feature,
)
from commands.safety.spared import people_left_out


async def schedule_recall(ctx: Context, one: CheckIn, then: JobKind) -> None:
    """Schedule the cancelling of all alarms that the homeserver keeps for a check-in that is over.

    `then` says how it ended: `RECALLED_BACK_JOB` or `RECALLED_OVER_JOB`.
    """
    if await delayed_messages.about(ctx.db, one.item):
        await ctx.schedule(
            RECALL_JOB, ctx.now, number=one.item, people=[], author=one.author, then=then.name
        )
        await watch_recall(ctx, one, RECALLED_WITHIN, then)


async def schedule_silent_recall(ctx: Context, item: Number, people: Sequence[UserId] = ()) -> None:
    """Schedule the cancelling of a check-in's alarms where nobody needs to hear how it ends."""
    if await delayed_messages.about(ctx.db, item, people):
        await ctx.schedule(RECALL_JOB, ctx.now, number=item, people=list(people))


@feature.runs(RECALL_JOB)
async def write_recall(_ctx: Context, job: Job) -> Answer:
    """Cancel alarms at the homeserver. The check-in itself may be deleted by now. Return what to
    say, if anything."""
    told, number = job.payload, Number(job.payload["number"])
    people = tuple(UserId(person) for person in told["people"])
    if "then" not in told:
        return TakeBackLater(number, people)
    then = Callback(feature.name, told["then"], number)
    return TakeBackLater(number, people, UserId(told["author"]), then)


async def take_back(ctx: Context, one: CheckIn, people: tuple[UserId, ...] = ()) -> TakeBackLater:
    """Return the effect that cancels the alarms of an open check-in at the homeserver, and watch
    how that ends."""
    await watch_recall(ctx, one, RECALLED_WITHIN)
    return TakeBackLater(one.item, people, one.author, recalled_callback(one))


def recalled_callback(one: CheckIn) -> Callback:
    """Return the callback for effects that cancel alarms of an open check-in."""
    return Callback.of(RECALLED_OVER_JOB, one.item)


async def watch_recall(
    ctx: Context, one: CheckIn, within: timedelta, then: JobKind = RECALLED_OVER_JOB
) -> None:
    """Schedule a look whether a check-in's alarms were cancelled at the homeserver: after `within`,
    or when the first of them would be sent if that is earlier. `then` says how the check-in
    ended."""
    if left := await delayed_messages.about(ctx.db, one.item):
        at = max(ctx.now, min(ctx.now + within, *(m.send_at for m in left)))
        await _schedule(ctx, NOT_RECALLED_JOB, at, one.item, one.author, then.name)


async def _schedule(
    ctx: Context, kind: JobKind, at: datetime, item: Number, author: UserId, then: str
) -> None:
    """Schedule the check-in's only job of its kind: each looks at all its alarms."""
    await ctx.cancel_jobs(item, kind)
    await ctx.schedule(kind, at, item=item, person=author, then=then)


@feature.runs(NOT_RECALLED_JOB)
async def report_not_recalled(ctx: Context, job: Job) -> Answer:
    """Tell a person that their alarms lie at the homeserver still, and what to do about it. Return
    what to say, if anything."""
    one, left = await _unwanted_alarms(ctx, job)
    if not left or job.person is None:
        return None
    first = min(m.send_at for m in left)
    who = tuple(Person(person, full=True) for person in dict.fromkeys(m.person for m in left))
    at = max(ctx.now, first) + LOOK_AFTER
    await _schedule(ctx, LOOK_JOB, at, left[0].item, job.person, job.payload["then"])
    lines = [_still_there_line(ctx.now, first, who)]
    out = await people_left_out(ctx, job.person, {m.person for m in left})
    if len(out) < len(who):  # whom a call for help leaves out the author is not to write to
        lines += _warning_lines(job, one)
    return Say(tuple(lines), to=job.person, loud=True)


async def _unwanted_alarms(
    ctx: Context, job: Job
) -> tuple[CheckIn | None, list[delayed_messages.DelayedMessage]]:
    """Return the check-in if it is open, and the alarms that were to be taken back and lie there.

    Those of whoever is overdue are none: the bot is saying the same.
    """
    assert job.item is not None, "it was scheduled with one"
    one = await check_in_store.get_check_in(ctx.db, job.item)
    left = await delayed_messages.about(ctx.db, job.item)
    overdue = one.named if one is not None and _is_overdue(one, ctx.now) else ()
    there = [m for m in left if not m.wanted and m.delay_id and m.person not in overdue]
    return one, there


def _is_overdue(one: CheckIn, now: datetime) -> bool:
    return one.due + ANSWER_TIME <= now


def _still_there_line(now: datetime, first: datetime, who: tuple[Person, ...]) -> Line:
    if first <= now:
        return _(
            "Careful: my alarm may have gone out, as my server does not stop it: {who}.", who=who
        )
    return _(
        "Careful: my server does not stop my alarm so far. Then it goes out, {moment}: {who}.",
        moment=Moment(first),
        who=who,
    )


def _warning_lines(job: Job, one: CheckIn | None) -> list[Line]:
    if one is not None:
        write = _("Write to them yourself now that it is out of date.")
    elif job.payload["then"] == RECALLED_BACK_JOB.name:
        write = _("Write to them yourself now: “I am well”.")
    else:
        write = _("Write to them yourself now that there is nothing to do.")
    return [write, _("I keep trying. How it ends I tell you, and them if they get it after all.")]


@feature.runs(LOOK_JOB)
async def look_again(ctx: Context, job: Job) -> Answer:
    """Cancel once more the alarms that lie at the homeserver, after the time at which it sends them
    by itself. Return what to say, if anything."""
    _one, left = await _unwanted_alarms(ctx, job)
    if not left or job.person is None:
        return None
    number, then = left[0].item, job.payload["then"]
    await _schedule(ctx, LOOK_JOB, ctx.now + LOOK_INTERVAL, number, job.person, then)
    people = tuple(dict.fromkeys(m.person for m in left))
    callback = Callback(feature.name, then, number)
    return TakeBackLater(number, people, job.person, callback, once_more=True)


@feature.runs(RECALLED_OVER_JOB)
@feature.runs(RECALLED_BACK_JOB)
async def report_recalled(ctx: Context, job: Job) -> Answer:
    """Tell the author of a check-in how the cancelling of an alarm to one contact ended. If it went
    out before, also tell the contact that it is out of date. Return what to say, if anything.

    Nothing is said if nobody was warned of the alarm, or if it went out and is right again. A
    refusal is told by `report_not_recalled`, for all contacts at once.
    """
    told = job.payload
    if job.item is None or "by" not in told:  # the person was forgotten meanwhile
        return None
    author, contact = UserId(told["by"]), UserId(told["user"])
    who = Person(contact, full=True)
    if not told["code"]:
        if not await ctx.has_job(job.item, LOOK_JOB):  # nobody was warned
            return None
        return Say((_("It does not go out any more: {who} gets no alarm.", who=who),), to=author)
    if told["code"] != SENT_BEFORE:
        return None
    one = await check_in_store.get_check_in(ctx.db, job.item)
    if await people_left_out(ctx, author, (contact,)):
        return Say((_still_there_line(ctx.now, ctx.now, (who,)),), to=author, loud=True)
    if one is not None and contact in one.named and _is_overdue(one, ctx.now):
        return None
    said: list[Effect] = [
        Say((_out_of_date_line(job, one, author, contact),), to=contact, loud=True)
    ]
    if one is None and job.name == RECALLED_BACK_JOB.name:
        mine = _(
            "My alarm reached {who} before I could stop it. I tell them you are back.", who=who
        )
    else:
        mine = _("An alarm of mine reached {who}. I tell them that it was out of date.", who=who)
    return [*said, Say((mine,), to=author, loud=True)]


def _out_of_date_line(job: Job, one: CheckIn | None, author: UserId, contact: UserId) -> Line:
    """Return what whoever was alarmed for nothing reads."""
    who = Person(author, full=True)
    if one is not None and contact in one.named:
        return _(
            "That alarm was out of date: {who} has until {moment}. Nothing to do now.",
            who=who,
            moment=Moment(one.due),
        )
    if one is not None:
        return not_named_line(author)
    if job.name == RECALLED_BACK_JOB.name:
        return _("{who} is back and well.", who=who)
    return _("{who} took it back: nothing to do.", who=who)


def not_named_line(author: UserId) -> Line:
    """Return the line for a contact of a check-in whose author has taken them off its contacts:
    nothing is to be done any more."""
    return _("{who} does not name you any more: nothing to do.", who=Person(author, full=True))
