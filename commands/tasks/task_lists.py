"""`!tasks`: one's own tasks in private, the room's in the room; and lists for other features."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import (
    FIRST_PAGE,
    TASK_LINES,
    TASK_PEOPLE,
    Answer,
    Context,
    ItemAccess,
    Line,
    Number,
    Page,
    Reach,
    RoomId,
    UserId,
    _,
    n_,
    words,
)
from commands.tasks import task_store, texts
from commands.tasks.declaration import TASKS, feature
from commands.tasks.task_command import EXAMPLE

PAGE_LINES = 15
SHOWN_AT_MEETING = 10
"""How many tasks are shown when a meeting begins."""


@feature.command(
    words(
        "tareas",
        "tarefas",
        "tasks",
        "compromisos, mis tareas, mis tareas pendientes, tareas pendientes | "
        "encaminhamentos, compromissos, minhas tarefas, minhas tarefas pendentes, tarefas"
        " pendentes | "
        "my tasks",
    ),
    help=_("what is to be done: in private yours, in a room the room's"),
    example=_("For example: `!tasks`"),
    topic=TASKS,
    does=ItemAccess.READS,
    reach=Reach.ROOM,
)
async def list_tasks(ctx: Context, page: Page = FIRST_PAGE) -> Answer:
    """List open tasks, soonest first, those without a date last. Return the answer."""
    skip = (min(max(page, 1), 10_000) - 1) * PAGE_LINES
    if ctx.is_private:
        found = await task_store.open_tasks_of(ctx.db, ctx.who, PAGE_LINES + 1, skip)
    else:
        found = await task_store.open_tasks_in(ctx.db, ctx.room, PAGE_LINES + 1, skip)
    if not found and ctx.is_private and not skip:
        return [_("You have no open task. A room's: write `!tasks` there."), EXAMPLE]
    if not found:
        return [_("No more tasks.") if skip else _("No task is open."), EXAMPLE]
    lines = [texts.task_line(one, ctx.said_at) for one in found[:PAGE_LINES]]
    if len(found) > PAGE_LINES:
        return [*lines, _("More: `!tasks {page}`", page=page + 1)]
    return [*lines, _("When one is done: `!done {number}`", number=found[0].item)]


@feature.offers(TASK_LINES)
async def room_task_lines(
    ctx: Context, room: RoomId, numbers: Sequence[Number] | None
) -> list[Line]:
    """Return a line for each of the tasks with these numbers, or for the room's open ones if
    `numbers` is None."""
    if numbers is not None:
        every = [await task_store.get_task(ctx.db, one) for one in numbers]
        return [texts.task_line(one, ctx.said_at) for one in every if one is not None]
    found = await task_store.open_tasks_in(ctx.db, room, SHOWN_AT_MEETING)
    lines = [texts.task_line(one, ctx.said_at) for one in found]
    more = await task_store.count_open(ctx.db, room) - len(found)
    if more > 0:
        lines.append(n_("and {count} more: `!tasks`", "and {count} more: `!tasks`", more))
    return lines


@feature.offers(TASK_PEOPLE)
async def people_doing(ctx: Context, numbers: Sequence[Number]) -> list[UserId]:
    """Return everybody who does any of these tasks."""
    every = [await task_store.get_task(ctx.db, one) for one in numbers]
    return list(dict.fromkeys(person for one in every if one for person in one.people))


async def dated_task_lines(ctx: Context, room: RoomId) -> list[Line]:
    """Return a line for each open task of the room that has a date."""
    found = await task_store.open_tasks_in(ctx.db, room, PAGE_LINES)
    return [
        _("Task {task}", task=texts.task_line(one, ctx.said_at))
        for one in found
        if one.due is not None
    ]


async def task_lines_of(ctx: Context, person: UserId) -> list[Line]:
    """Return a line for each task that the person has or had."""
    return [
        _("Task {task}", task=texts.task_line(one, ctx.said_at))
        for one in await task_store.all_tasks_of(ctx.db, person)
    ]
