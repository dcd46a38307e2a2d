"""Requests that are stuck: a reminder for the newcomer, and after a week a report."""

from __future__ import annotations

from bot.api import Answer, Context, Job, Number, Say, _
from commands.doors import store, waiting_list
from commands.doors.declaration import NUDGE_JOB, STUCK_JOB, feature
from commands.doors.store import Request, RequestStep
from commands.onboarding.areas import permissions
from commands.rules import stuck_reminders


async def schedule_request_reminders(ctx: Context, request_number: Number) -> None:
    """Schedule the newcomer's reminder and the moderators' report for a request, in place of
    earlier ones."""
    for job in (NUDGE_JOB, STUCK_JOB):
        await ctx.cancel_jobs(request_number, job)
    request = await store.get_request(ctx.db, request_number)
    assert request is not None
    await stuck_reminders.schedule_reminders(
        ctx, NUDGE_JOB, STUCK_JOB, request.room, item=request_number
    )


async def _open_request(ctx: Context, job: Job) -> Request | None:
    """Return the request of the job if it is still open, or None."""
    request = await store.get_request(ctx.db, Number(job.item)) if job.item is not None else None
    return request if request is not None and request.open else None


@feature.runs(NUDGE_JOB)
async def remind_newcomer(ctx: Context, job: Job) -> Answer:
    """Return a message to a newcomer who stopped in the middle of the questions about coming in (a
    job, planned once for each request to come in); None if nothing waits for their answer."""
    request = await _open_request(ctx, job)
    if request is None or request.step is not RequestStep.ASKING:
        return None
    place = await store.count_answers(ctx.db, request.item) + 1
    lines = (
        _(
            "Your way into “{room}” waits at question {n} of {count}. There is no hurry.",
            room=await permissions.room_label_of(ctx, request.room),
            n=place,
            count=len(request.questions),
        ),
        _("To go on: `requests`"),
    )
    return Say(lines, to=request.person, loud=True)


@feature.runs(STUCK_JOB)
async def report_stuck_request(ctx: Context, job: Job) -> Answer:
    """Show the moderators once more, after a week, who waits to come in, in one list for all of
    them. Return what to say, if anything."""
    request = await _open_request(ctx, job)
    if request is not None:
        await waiting_list.remind(ctx, request)
    return None
