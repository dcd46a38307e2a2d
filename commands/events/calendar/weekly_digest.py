"""Post what comes in the next seven days once a week, at the day and hour of the room.

Nothing is posted if nothing comes, or if the post would be over a day late.
"""

from __future__ import annotations

from datetime import timedelta

from bot.api import (
    Answer,
    Context,
    Effect,
    Job,
    RoomId,
    Say,
    Setting,
    Span,
    Weekly,
    _,
    dates,
    next_week,
    settings,
    words,
)
from commands.events import agenda
from commands.events.calendar import month_picture
from commands.events.declaration import feature, when_chosen
from commands.events.grammar.periods import Period

MOST = 30
LATE, TOO_LATE = timedelta(minutes=5), timedelta(days=1)
_WAITS = "weekly digest waits"
"""The key, among the room's settings, of the id of the job that counts. Older jobs do nothing."""


DIGEST = Setting(
    "weekly digest",
    words("resumen-semanal", "resumo-semanal", "weekly-digest"),
    Weekly(),
    "no",
    _("When I tell once a week what comes in the next seven days."),
)
feature.settings.append(DIGEST)


@when_chosen
async def planned(ctx: Context, key: str, room: RoomId) -> None:
    """Schedule the digest anew after its day and hour or the room's time zone has changed."""
    if key in (DIGEST.key, "timezone"):
        await _plan(ctx, room)


async def _plan(ctx: Context, room: RoomId) -> None:
    kept = await ctx.setting(DIGEST, room)
    if kept == "no":
        await settings.put(ctx.db, room, _WAITS, None)
        return
    zone = (await ctx.for_room(room)).zone
    job = await ctx.schedule("weekly", next_week(kept, zone, ctx.read), room=room, zone=zone)
    await settings.put(ctx.db, room, _WAITS, str(job))


@feature.job("weekly")
async def weekly(ctx: Context, job: Job) -> Answer:
    """Post the digest and schedule the next one. Does nothing for a job that was replaced."""
    waits = (await settings.all_of(ctx.db, job.room)).get(_WAITS)
    if waits != str(job.id):
        return None
    await _plan(ctx, job.room)
    late = ctx.now - job.due
    if late >= TOO_LATE:
        return None
    today = dates.to_wall(ctx.now, ctx.policy.zone).date()
    rows = await agenda.within(ctx, {job.room: ""}, Period(today, today + timedelta(days=7)))
    if not rows:
        return None
    lines = [_("What comes in the next seven days:"), *agenda.by_day(ctx, rows[:MOST])]
    if late > LATE:
        span = Span(late)
        lines[0] = _("Late by {span}, because I was away. What comes in seven days:", span=span)
    if len(rows) > MOST:
        lines.append(_("And {count} more: `!events this week`", count=len(rows) - MOST))
    lines.append(_("All about one: `!event {number}`", number=rows[0].event.item))
    said: list[Effect] = [Say(tuple(lines), room=job.room)]
    return [*said, *await month_picture.beside_digest(ctx, job.room)]
