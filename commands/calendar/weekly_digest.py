"""Post what comes in the next seven days once a week, at the day and hour of the room.

Nothing is posted if nothing comes, or if the post would be over a day late.
"""

from __future__ import annotations

from datetime import timedelta

from bot.api import (
    SETTING_CHANGED,
    Answer,
    Context,
    Effect,
    Job,
    RoomId,
    Say,
    Setting,
    Span,
    WeeklyTime,
    _,
    dates,
    next_weekly,
    settings,
    words,
)
from commands.calendar import month_picture
from commands.calendar.declaration import WEEKLY_JOB, feature
from commands.events import agenda
from commands.events.grammar.periods import Period

MOST_ROWS = 30
LATE_AFTER, LATEST = timedelta(minutes=5), timedelta(days=1)
_JOB_KEY = "weekly digest waits"
"""The key, among the room's settings, of the id of the job that counts. Older jobs do nothing."""


DIGEST = Setting(
    "weekly digest",
    words("resumen-semanal", "resumo-semanal", "weekly-digest"),
    WeeklyTime(),
    "no",
    _("When I tell once a week what comes in the next seven days."),
)
feature.settings.append(DIGEST)


@feature.offers(SETTING_CHANGED)
async def replan_digest(ctx: Context, key: str, room: RoomId) -> None:
    """Schedule the weekly digest of events anew after its day and hour or the room's time zone has
    changed."""
    if key in (DIGEST.key, "timezone"):
        await _plan_digest(ctx, room)


async def _plan_digest(ctx: Context, room: RoomId) -> None:
    kept = await ctx.setting_value(DIGEST, room)
    if kept == "no":
        await settings.set_value(ctx.db, room, _JOB_KEY, None)
        return
    zone = (await ctx.policy_of_room(room)).zone
    job = await ctx.schedule(WEEKLY_JOB, next_weekly(kept, zone, ctx.now), room=room, zone=zone)
    await settings.set_value(ctx.db, room, _JOB_KEY, str(job))


@feature.runs(WEEKLY_JOB)
async def post_digest(ctx: Context, job: Job) -> Answer:
    """Post the events of the next seven days, and schedule the next weekly digest of the room.
    Return what to say, if anything.

    Does nothing for a job that was replaced. Posts nothing if there are no events, or if it is
    later than `LATEST`.
    """
    waits = (await settings.settings_of(ctx.db, job.room)).get(_JOB_KEY)
    if waits != str(job.id):
        return None
    await _plan_digest(ctx, job.room)
    late = ctx.said_at - job.due
    if late >= LATEST:
        return None
    today = dates.to_wall(ctx.said_at, ctx.policy.zone).date()
    rows = await agenda.rows_in_period(
        ctx, {job.room: ""}, Period(today, today + timedelta(days=7))
    )
    if not rows:
        return None
    lines = [_("What comes in the next seven days:"), *agenda.lines_by_day(ctx, rows[:MOST_ROWS])]
    if late > LATE_AFTER:
        span = Span(late)
        lines[0] = _("Late by {span}, because I was away. What comes in seven days:", span=span)
    if len(rows) > MOST_ROWS:
        lines.append(_("And {count} more: `!events this week`", count=len(rows) - MOST_ROWS))
    lines.append(_("All about one: `!event {number}`", number=rows[0].event.item))
    said: list[Effect] = [Say(tuple(lines), room=job.room)]
    return [*said, *await month_picture.digest_picture(ctx, job.room)]
