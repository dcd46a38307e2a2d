"""Delivery of the summary in private: once for each newcomer, a few of them at a time."""

from __future__ import annotations

from datetime import timedelta

from bot.api import Answer, Context, Job, Say, Setting, Switch, UserId, _, settings, words
from commands.onboarding.companions import turns as companions
from commands.onboarding.declaration import feature
from commands.onboarding.welcome import store, summary

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
WAITS = "telling"
"""Name of the fact that job `tell_next` is scheduled already."""


async def soon(ctx: Context, person: UserId) -> None:
    """Queue the person's summary. Does nothing if it was queued before."""
    if not await store.ready(ctx.db, person, ctx.read):
        return
    if await settings.fact(ctx.db, WAITS) is None:
        await settings.set_fact(ctx.db, WAITS, "yes")
        await ctx.schedule("tell_next", ctx.read)


@feature.job("tell_next")
async def tell_next(ctx: Context, _job: Job) -> Answer:
    """Schedule one job for each of the next few, so that a failure stops only its own."""
    people = await store.next_ready(ctx.db, WAVE)
    if not people:
        await settings.drop_fact(ctx.db, WAITS)
        return None
    await ctx.schedule("tell_next", ctx.read + PAUSE)
    for person in people:
        await store.told(ctx.db, person, ctx.read)
        await ctx.schedule("tell", ctx.read, person=person)
    return None


@feature.job("tell")
async def tell(ctx: Context, job: Job) -> Answer:
    """Send one newcomer the summary, if it is switched on, and look for a companion for them."""
    lines = await summary.lines(ctx, job.person) if job.person else []
    if job.person is None or not lines:  # they left meanwhile
        await store.gone(ctx.db, ctx.who)
        return None
    companion = await companions.begin(ctx, job.person)
    if await ctx.setting(SUMMARY) != "yes":
        return companion
    again = _("To read this again, as it is then: `!welcome`")
    return [Say((*lines, again), to=job.person, loud=True), *companion]
