"""Delivery of the summary in private: once for each newcomer, a few of them at a time."""

from __future__ import annotations

from datetime import timedelta

from bot.api import Answer, Context, Job, Say, Setting, Switch, UserId, _, words
from commands.welcome import store, summary
from commands.welcome.companions import turns as companion_turns
from commands.welcome.declaration import TELL_JOB, TELL_NEXT_JOB, feature

SUMMARY = Setting(
    "arrival_summary",
    words("resumen-al-llegar", "resumo-na-chegada", "arrival-summary"),
    Switch(),
    "yes",
    _("Whoever is new gets once, in private: what was decided, what comes, what can be typed."),
    network=True,
)
feature.settings.append(SUMMARY)
WAVE = 10
"""How many newcomers are sent the summary at a time."""
PAUSE = timedelta(seconds=10)


async def queue_summary(ctx: Context, person: UserId) -> None:
    """Store that the newcomer's summary may be sent. Does nothing if that was stored before."""
    if not await store.mark_ready(ctx.db, person, ctx.now):
        return
    if await store.mark_round(ctx.db):
        await ctx.schedule(TELL_NEXT_JOB, ctx.now)


@feature.runs(TELL_NEXT_JOB)
async def schedule_next_summaries(ctx: Context, _job: Job) -> Answer:
    """Schedule one job for each of the next few newcomers' summaries, so that a failure stops only
    its own. Return what to say, if anything."""
    people = await store.next_ready(ctx.db, WAVE)
    if not people:
        await store.clear_round(ctx.db)
        return None
    await ctx.schedule(TELL_NEXT_JOB, ctx.now + PAUSE)
    for person in people:
        await store.mark_told(ctx.db, person, ctx.now)
        await ctx.schedule(TELL_JOB, ctx.now, person=person)
    return None


@feature.runs(TELL_JOB)
async def send_summary(ctx: Context, job: Job) -> Answer:
    """Send one newcomer the summary, if it is switched on, and look for a companion for them.
    Return what to say, if anything."""
    lines = await summary.summary_lines(ctx, job.person) if job.person else []
    if job.person is None or not lines:  # they left meanwhile
        await store.drop_newcomer(ctx.db, ctx.who)
        return None
    companion = await companion_turns.begin_turns(ctx, job.person)
    if await ctx.setting_value(SUMMARY) != "yes":
        return companion
    again = _("To read this again, as it is then: `!welcome`")
    return [Say((*lines, again), to=job.person, loud=True), *companion]
