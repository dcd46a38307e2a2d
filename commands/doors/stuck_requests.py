"""Requests that are stuck: a reminder for the newcomer, and after a week a report."""

from __future__ import annotations

from bot.api import Answer, Context, Job, Number, Person, Say, _
from commands.doors import ballot, store
from commands.doors.declaration import NUDGE_JOB, STUCK_JOB, feature
from commands.doors.store import Request, RequestStep
from commands.onboarding.areas import permissions
from commands.rules import stuck_reminders


async def schedule_request_reminders(ctx: Context, request_number: Number) -> None:
    """Schedule the reminder and the report for a request."""
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
    """Remind a newcomer of the question that waits for them. Runs once for each request."""
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
    """Report after a week to those who decide, or to the moderators, what a request waits for."""
    request = await _open_request(ctx, job)
    if request is None:
        return None
    room = await ballot.deciding_room(ctx, request)
    if room is not None and request.step is RequestStep.DECIDING:
        return await stuck_reminders.tell_moderators(
            ctx, await ballot.ballot_line(ctx, request, room)
        )
    name, person = (
        await permissions.room_label_of(ctx, request.room),
        Person(request.person, full=True),
    )
    waits = (
        _(
            "Request {number} waits for your decision for a week: {person}, “{room}”.",
            number=request.item,
            person=person,
            room=name,
        )
        if request.step is RequestStep.DECIDING
        else _(
            "Request {number} is stuck at the questions for a week: {person}, “{room}”.",
            number=request.item,
            person=person,
            room=name,
        )
    )
    return await stuck_reminders.tell_moderators(ctx, waits)
