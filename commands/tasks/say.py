"""How tasks are said."""

from __future__ import annotations

from datetime import datetime

from bot.api import Day, Line, Moment, Person, _
from commands.tasks.reading import short
from commands.tasks.store import Task


def due(task: Task) -> Moment | Day | None:
    """By when, as it was said: with an hour or without."""
    if task.due is None:
        return None
    return (Moment if task.timed else Day)(task.due, task.zone)


def line(task: Task, now: datetime) -> Line:
    """One task in a list: number, words, who, when."""
    who = tuple(Person(one) for one in task.people) or (_("nobody yet"),)
    facts: list[object] = [*who]
    when = due(task)
    if when is not None and task.due is not None:
        late = task.open and task.due < now
        facts.append(_("was due {due}", due=when) if late else _("due {due}", due=when))
    if not task.open:
        facts.append(_("done"))
    return _(
        "{number}: “{title}” · {facts}",
        number=task.item,
        title=short(task.title),
        facts=tuple(facts),
    )
