"""End meetings that nobody ends: the room is asked first."""

from __future__ import annotations

from datetime import timedelta

from bot.api import Answer, Context, Job, Moment, _
from commands.meetings import declaration, meeting_end, store
from commands.meetings.declaration import feature
from commands.meetings.store import Meeting

QUIET = timedelta(hours=3)
"""After so long without activity the room is asked."""
GRACE = timedelta(hours=1)
"""So long after the question the meeting ends."""


async def watch(ctx: Context, meeting: Meeting) -> None:
    """Schedule the question whether the meeting is still going on."""
    await ctx.schedule("quiet", ctx.now + QUIET, item=meeting.item, room=meeting.room)


@feature.job("quiet")
async def quiet(ctx: Context, job: Job) -> Answer:
    """Ask whether the meeting is still going on, unless there was activity meanwhile."""
    meeting = await _open(ctx, job)
    if meeting is None:
        return None
    if meeting.last + QUIET > ctx.now:
        await ctx.schedule("quiet", meeting.last + QUIET, item=meeting.item, room=meeting.room)
        return None
    await store.asked(ctx.db, meeting.item, ctx.now)
    at = ctx.now + GRACE
    await ctx.schedule("end", at, item=meeting.item, room=meeting.room)
    return declaration.said(
        meeting,
        _("Is meeting {number} still going on? I have kept nothing for a while.",
          number=meeting.item),
        _("To go on: `!meeting continue`. To end it: `!meeting end`. Otherwise I end it at"
          " {moment}.", moment=Moment(at)),
        loud=True,
    )  # fmt: skip


@feature.job("end")
async def end(ctx: Context, job: Job) -> Answer:
    """End the meeting as of its last activity, if nobody answered."""
    meeting = await _open(ctx, job)
    if meeting is None:
        return None
    if meeting.asked is not None and meeting.last > meeting.asked:
        await ctx.schedule("quiet", meeting.last + QUIET, item=meeting.item, room=meeting.room)
        return None
    told = _("Meeting {number} ended by itself: nobody wrote for a while.", number=meeting.item)
    return [declaration.said(meeting, told), *await meeting_end.finish(ctx, meeting, meeting.last)]


async def _open(ctx: Context, job: Job) -> Meeting | None:
    meeting = await store.get(ctx.db, job.item) if job.item is not None else None
    return meeting if meeting is not None and meeting.ended is None else None
