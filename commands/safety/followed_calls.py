"""Follows whom a call for help of a check-in's author leaves out, as soon as that changes."""

from __future__ import annotations

from bot.api import CALL_CHANGED, Answer, Context, Effect, Job, Person, Say, UserId, _
from commands.safety import alarm_jobs, check_in_store, left_alarms
from commands.safety.check_in_store import CheckIn
from commands.safety.declaration import CALL_JOB, feature
from commands.safety.spared import Spared, without_left_out


@feature.offers(CALL_CHANGED)
async def handle_call(ctx: Context, author: UserId) -> None:
    """Have the author's check-in follow whom their call for help leaves out."""
    if (one := await check_in_store.check_in_of(ctx.db, author)) is not None:
        await ctx.cancel_jobs(one.item, CALL_JOB)
        await ctx.schedule(CALL_JOB, ctx.now, item=one.item, person=author)


@feature.runs(CALL_JOB)
async def follow_call(ctx: Context, job: Job) -> Answer:
    """Have alarms at the homeserver follow whom a call for help leaves out, and deliver nothing of
    the check-in that waits for these. If one of them looks after the author, tell the others at
    once that they don't. Return what to say, if anything."""
    one = await check_in_store.get_check_in(ctx.db, job.item) if job.item is not None else None
    if one is None:
        return None
    spared = await without_left_out(ctx, one)
    await ctx.drop_undelivered(one.item, spared.gone)
    return [
        *await left_alarms.follow_spared(ctx, one, spared),
        *await _replace_caretaker(ctx, one, spared),
    ]


async def _replace_caretaker(ctx: Context, one: CheckIn, spared: Spared) -> list[Effect]:
    """Have the others told again if a call for help leaves out who looks after the author. Return
    what says that these don't any more."""
    if one.taken is None or one.taken not in spared.gone:
        return []
    await alarm_jobs.tell_again(ctx, one)
    helper, who = Person(one.taken, full=True), Person(one.author, full=True)
    said = _("{helper} is not looking after {who} any more.", helper=helper, who=who)
    return [Say((said,), to=person, loud=True) for person in (*spared.one.named, one.author)]
