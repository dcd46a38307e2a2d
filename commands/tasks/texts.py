"""Texts about tasks."""

from __future__ import annotations

from datetime import datetime

from bot.api import Day, Line, Moment, Person, _, shorten_line
from commands.tasks.task_store import Task


def due_moment(task: Task) -> Moment | Day | None:
    """Return when a task is due as a value for a line, with an hour if one was given, or None."""
    if task.due is None:
        return None
    return (Moment if task.timed else Day)(task.due, task.zone)


def task_line(task: Task, now: datetime) -> Line:
    """Return one line with the task's number, title, people and date."""
    who = tuple(Person(one) for one in task.people) or (_("nobody yet"),)
    facts: list[object] = [*who]
    when = due_moment(task)
    if when is not None and task.due is not None:
        late = task.open and task.due < now
        facts.append(_("was due {due}", due=when) if late else _("due {due}", due=when))
    if not task.open:
        facts.append(_("done"))
    return _(
        "{number}: “{title}” · {facts}",
        number=task.item,
        title=shorten_line(task.title),
        facts=tuple(facts),
    )
