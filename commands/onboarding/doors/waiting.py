"""Who is stuck: one gentle word to the newcomer, and after a week one line to those who decide."""

from __future__ import annotations

from datetime import timedelta

from bot.api import Answer, Context, Job, Length, Number, Person, Say, Setting, _, settings, words
from commands.onboarding.areas import rights
from commands.onboarding.base import feature
from commands.onboarding.doors import ballot, store
from commands.onboarding.doors.store import Request, Step

NUDGE = Setting(
    "door_nudge",
    words("recordar-preguntas", "lembrar-perguntas", "door-reminder"),
    Length(timedelta(hours=1), timedelta(days=20)),
    str(48 * 3600),
    _("After how long who stopped at the door's questions gets one reminder."),
)
feature.settings.append(NUDGE)
WEEK = timedelta(days=7)
ALOUD = 5
"""So many stuck requests are told one by one in a day; then one line says that there are more."""


async def begin(ctx: Context, request_number: Number) -> None:
    request = await store.get(ctx.db, request_number)
    assert request is not None
    pause = timedelta(seconds=int(await ctx.setting(NUDGE, request.room)))
    await ctx.schedule("nudge", ctx.read + pause, item=request_number, room=request.room)
    await ctx.schedule("stuck", ctx.read + WEEK, item=request_number, room=request.room)


async def _waiting(ctx: Context, job: Job) -> Request | None:
    request = await store.get(ctx.db, Number(job.item)) if job.item is not None else None
    return request if request is not None and request.open else None


@feature.job("nudge")
async def nudge(ctx: Context, job: Job) -> Answer:
    """Once, and only who has questions left."""
    request = await _waiting(ctx, job)
    if request is None or request.step is not Step.ASKING:
        return None
    place = await store.answered(ctx.db, request.item) + 1
    lines = (
        _("Your way into “{room}” waits at question {n} of {count}. There is no hurry.",
          room=await rights.name_of(ctx, request.room), n=place, count=len(request.questions)),
        _("To go on: `requests`"),
    )  # fmt: skip
    return Say(lines, to=request.person, loud=True)


async def _told_today(ctx: Context) -> int:
    """How many stuck requests were told of in this day; counts this one."""
    today = ctx.read.date().isoformat()
    day, _space, count = (await settings.fact(ctx.db, "stuck_told") or "").partition(" ")
    told = int(count) if day == today else 0
    await settings.set_fact(ctx.db, "stuck_told", f"{today} {told + 1}")
    return told


@feature.job("stuck")
async def stuck(ctx: Context, job: Job) -> Answer:
    """A week has passed: those who decide can see who waits, and for what."""
    request, place = await _waiting(ctx, job), await ctx.moderators_room()
    if request is None or place is None:
        return None
    told = await _told_today(ctx)
    if told >= ALOUD:
        more = (_("More requests are stuck for a week. Who is at which step: `!requests`"),)
        return Say(more, room=place) if told == ALOUD else None
    room = await ballot.rules(ctx, request)
    if room is not None and request.step is Step.DECIDING:
        decides = await ballot.line(ctx, request, room)
        return Say((decides, _("Who is at which step: `!requests`")), room=place)
    name, person = await rights.name_of(ctx, request.room), Person(request.person, full=True)
    waits = (
        _("Request {number} waits for your decision for a week: {person}, “{room}”.",
          number=request.item, person=person, room=name)
        if request.step is Step.DECIDING
        else _("Request {number} is stuck at the questions for a week: {person}, “{room}”.",
               number=request.item, person=person, room=name)
    )  # fmt: skip
    return Say((waits, _("Who is at which step: `!requests`")), room=place)
