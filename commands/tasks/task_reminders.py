"""Remind in private of tasks, the day before and when they are due."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.api import (
    Answer,
    Context,
    Effect,
    Job,
    Line,
    Number,
    RoomId,
    Say,
    Span,
    UserId,
    _,
    dates,
    is_in,
    shorten_line,
)
from commands.tasks import task_store, texts
from commands.tasks.declaration import REMIND_JOB, feature
from commands.tasks.task_store import Task

MORNING, EVENING = time(9), time(18)
DAY = timedelta(days=1)
LATE_AFTER = timedelta(minutes=5)
"""A reminder later than this says so."""


async def schedule_reminders(
    ctx: Context, number: Number, room: RoomId, when: dates.ZonedTime
) -> None:
    """Schedule a task's reminders, replacing earlier ones."""
    await ctx.cancel_jobs(number, REMIND_JOB)
    for at in reminder_times(when, ctx.said_at):
        await ctx.schedule(REMIND_JOB, at, item=number, room=room, zone=when.zone)


def reminder_times(when: dates.ZonedTime, now: datetime) -> list[datetime]:
    """Return when (UTC) to remind of a task: a day before and on time, or the evening of the day it
    is due if both are over.

    A day without an hour reminds in the morning.
    """
    if when.has_time:
        return [at for at in (when.at - DAY, when.at) if at > now]
    day = when.wall.date()
    clocks = [(day - DAY, MORNING), (day, MORNING)]
    found = [dates.to_utc(datetime.combine(on, clock), when.zone) for on, clock in clocks]
    evening = dates.to_utc(datetime.combine(day, EVENING), when.zone)
    return [at for at in found if at > now] or [at for at in (evening,) if at > now]


@feature.runs(REMIND_JOB)
async def remind(ctx: Context, job: Job) -> Answer:
    """Return the reminders to send to everybody who does a task, or to its author if nobody does.
    None if the task is done or was deleted."""
    task = await task_store.get_task(ctx.db, job.item) if job.item is not None else None
    if task is None or not task.open:
        return None
    there = [one for one in task.people if await is_in(ctx, task.room, one)]
    nobody = not there and await is_in(ctx, task.room, task.author)
    lines = _reminder_lines(ctx, task, job.due, nobody=nobody)
    to = [task.author] if nobody else there
    return [_letter(task, lines, one) for one in to]


def _letter(task: Task, lines: list[Line], to: UserId) -> Effect:
    return Say(tuple(lines), to=to, loud=True, item=task.item)


def _reminder_lines(ctx: Context, task: Task, due: datetime, *, nobody: bool) -> list[Line]:
    number, title = task.item, shorten_line(task.title)
    lines = [
        _(
            "Task {number}, “{title}”: due {due}.",
            number=number,
            title=title,
            due=texts.due_moment(task),
        )
    ]
    if ctx.said_at - due > LATE_AFTER:
        lines.insert(0, _("Late by {span}, because I was away.", span=Span(ctx.said_at - due)))
    if nobody:
        lines.append(
            _("Nobody has taken it yet. To do it yourself: `!task {number} me`", number=number)
        )
    return [*lines, _("When it is done: `!done {number}`", number=number)]
