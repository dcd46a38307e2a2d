"""End meetings that nobody ends: the room is asked first."""

from __future__ import annotations

from datetime import timedelta

from bot.api import Answer, Context, Job, Moment, _
from commands.meetings import declaration, meeting_end, store
from commands.meetings.declaration import END_JOB, QUIET_JOB, feature
from commands.meetings.store import Meeting

IDLE_TIME = timedelta(hours=3)
"""After so long without activity the room is asked."""
ANSWER_TIME = timedelta(hours=1)
"""So long after the question the meeting ends."""


async def watch_meeting(ctx: Context, meeting: Meeting) -> None:
    """Schedule the question whether a quiet meeting is still going on."""
    await ctx.schedule(QUIET_JOB, ctx.said_at + IDLE_TIME, item=meeting.item, room=meeting.room)


@feature.runs(QUIET_JOB)
async def ask_if_going_on(ctx: Context, job: Job) -> Answer:
    """Ask whether the meeting is still going on, and schedule its end. Return what to say, if
    anything.

    If there was activity meanwhile, only look again `IDLE_TIME` after the last.
    """
    meeting = await _open_meeting(ctx, job)
    if meeting is None:
        return None
    if meeting.last + IDLE_TIME > ctx.said_at:
        await ctx.schedule(
            QUIET_JOB, meeting.last + IDLE_TIME, item=meeting.item, room=meeting.room
        )
        return None
    await store.record_question(ctx.db, meeting.item, ctx.said_at)
    at = ctx.said_at + ANSWER_TIME
    await ctx.schedule(END_JOB, at, item=meeting.item, room=meeting.room)
    return declaration.meeting_message(
        meeting,
        _(
            "Is meeting {number} still going on? I have kept nothing for a while.",
            number=meeting.item,
        ),
        _(
            "To go on: `!meeting continue`. To end it: `!meeting end`. Otherwise I end it at"
            " {moment}.",
            moment=Moment(at),
        ),
        loud=True,
    )


@feature.runs(END_JOB)
async def end_idle_meeting(ctx: Context, job: Job) -> Answer:
    """End a meeting, dated at its last activity, if nobody wrote after the question whether it goes
    on. Return what to say, if anything.

    If somebody did, only ask again `IDLE_TIME` later.
    """
    meeting = await _open_meeting(ctx, job)
    if meeting is None:
        return None
    if meeting.asked is not None and meeting.last > meeting.asked:
        await ctx.schedule(
            QUIET_JOB, meeting.last + IDLE_TIME, item=meeting.item, room=meeting.room
        )
        return None
    told = _("Meeting {number} ended by itself: nobody wrote for a while.", number=meeting.item)
    return [
        declaration.meeting_message(meeting, told),
        *await meeting_end.finish_meeting(ctx, meeting, meeting.last),
    ]


async def _open_meeting(ctx: Context, job: Job) -> Meeting | None:
    meeting = await store.get_meeting(ctx.db, job.item) if job.item is not None else None
    return meeting if meeting is not None and meeting.ended is None else None
