"""`!hecho 57`: complete a task. `!hecho 57 2`: note that the asker did step 2 of a call."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.api import (
    FINISH,
    Answer,
    Bare,
    Context,
    Item,
    Line,
    MissingArgument,
    Reach,
    Say,
    TakesBack,
    UserError,
    _,
    fold_answer,
    is_author,
    items,
    line_about,
    run_line,
    shorten_line,
    words,
)
from commands.tasks import calls_for_action, task_store
from commands.tasks.declaration import TASKS, feature
from commands.tasks.task_store import Task

MOST_TASKS = 20
"""Limit of tasks in one command."""


@feature.command(
    words(
        "hecho",
        "feito",
        "done",
        "listo, hecha, ya está, terminado, terminada, concluido, concluida, ya lo hice | "
        "pronto, feita, concluído, concluída, terminei, concluí, está pronto, já fiz | "
        "finished",
    ),
    help=_("a task is done, or you did a step of a call for action"),
    example=_("For example: `!done {number}`; a step of a call: `!done {number} 2`", number=57),
    topic=TASKS,
    reach=Reach.ROOM,
    bare=Bare.NUMBERED,
)
async def done(ctx: Context, again: TakesBack, *, text: str = "") -> Answer:
    """Close tasks as done by number or reply, or the asker's only open task. Return the answer."""
    # Several numbers, or steps of a call.
    text = re.sub(r"^(?:(?:la|el|a|o|the)\s+)?(?:tarea|tarefa|task)\s+(?=#?\d)", "", text.strip())
    replied = await ctx.replied_item("task", "action")
    takes = 1 if replied and replied.kind == "action" else 0
    if replied is None and (elsewhere := await _complete_elsewhere(ctx, text)) is not None:
        return elsewhere
    if not text and replied is None:
        return await _complete_only_task(ctx)
    item, rest = await ctx.parse_item(text, "task", "action", takes=takes)
    if item.kind == "action":
        return await calls_for_action.mark_steps(ctx, item, rest, takes_back=again)
    told = [await _complete_or_reopen(ctx, item, again=again)]
    for number in re.findall(r"\d{1,9}", rest)[:MOST_TASKS]:
        other, _rest = await ctx.parse_item(number, "task")
        if all(other.number != one.item.number for one in told):
            told.append(await _complete_or_reopen(ctx, other, again=again))
    return _completion_messages(ctx, told)


async def _complete_elsewhere(ctx: Context, text: str) -> Answer:
    """Have another feature complete its item of that number, if it offers that; else None."""
    line = await line_about(ctx, FINISH, text)
    return None if line is None else await run_line(ctx, line)


@dataclass(frozen=True, slots=True)
class _Completion:
    """What is said of a task. `news`: its state has changed."""

    item: Item
    line: Line
    news: bool


def _completion_messages(ctx: Context, told: list[_Completion]) -> Answer:
    """Answer here, and tell the rooms of tasks that changed. Nobody is named."""
    here = Say(
        tuple(one.line for one in told),
        reply_to=ctx.origin.event,
        thread=ctx.origin.thread,
        item=told[0].item.number,
    )
    there = [
        Say((one.line,), room=one.item.room, item=one.item.number)
        for one in told
        if one.news and one.item.room != ctx.room
    ]
    return [here, *there]


@feature.reply("task", reach=Reach.ROOM)
async def handle_reply(ctx: Context, item: Item, text: str) -> Answer:
    """Close a task as done by `listo` in reply. Return None for other text."""
    found = ctx.registry.find_command(text)
    if found is None or found[0].handler is not done or fold_answer(found[2]):
        return None
    return await done(ctx, again=False)


async def _complete_only_task(ctx: Context) -> Answer:
    """Complete the asker's only open task. Raises `MissingArgument` if there is not exactly one."""
    mine = await task_store.open_tasks_of(ctx.db, ctx.who, 2)
    item = await items.get(ctx.db, mine[0].item) if len(mine) == 1 else None
    if item is None or not await ctx.may_see(item):
        raise MissingArgument("text", _("the number of the task (`!tasks`)"))
    ctx.answer_privately_about(item)
    return _completion_messages(ctx, [await _complete_or_reopen(ctx, item, again=False)])


async def _complete_or_reopen(ctx: Context, item: Item, *, again: bool) -> _Completion:
    task = await task_store.get_task(ctx.db, item.number)
    if task is None:
        raise UserError(_("There is no number {number} here.", number=item.number))
    await _require_may_close(ctx, task)
    title = shorten_line(task.title)
    if again:
        if not task.open:
            await task_store.set_open(ctx.db, task.item, is_open=True)
            await items.reopen(ctx.db, task.item)
        line = _("Task {number}, “{title}”, is open again.", number=task.item, title=title)
        return _Completion(item, line, news=not task.open)
    if not task.open:
        line = _("Task {number} is done or taken back.", number=task.item)
        return _Completion(item, line, news=False)
    await close_task(ctx, task)
    line = _("Done: task {number}, “{title}”.", number=task.item, title=title)
    return _Completion(item, line, news=True)


async def close_task(ctx: Context, task: Task) -> None:
    """Close a task: it is listed no more, and nobody is reminded of it."""
    await task_store.set_open(ctx.db, task.item, is_open=False)
    await items.close(ctx.db, task.item)
    await ctx.cancel_jobs(task.item)


feature.log_line("done", _("said that task {number} is done"))


async def _require_may_close(ctx: Context, task: Task) -> None:
    """Raise `UserError` unless the asker does the task, wrote it or moderates.

    A task that nobody has taken may be closed by anybody.
    """
    if not task.people or ctx.who in task.people or is_author(ctx, task):
        return
    if not await ctx.may_change(task):
        raise UserError(
            _(
                "You can't close task {number}: that is for who does it, its author or the"
                " moderators.",
                number=task.item,
            )
        )
    await ctx.log("done", {"number": task.item}, room=task.room)
