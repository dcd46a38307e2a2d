"""`!hecho 57`: complete a task. `!hecho 57 2`: note that the asker did step 2 of a call."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.api import (
    Answer,
    Context,
    Item,
    Line,
    Missing,
    Number,
    Reach,
    Say,
    UserError,
    _,
    bare,
    is_author,
    items,
    words,
)
from bot.api import fold as folded
from commands.tasks import calls_for_action, task_store
from commands.tasks.declaration import TASKS, feature
from commands.tasks.task_parser import short
from commands.tasks.task_store import Task

NOT = frozenset({"no", "nao", "not", "undo", "abrir", "reabrir", "reopen", "open"})
MOST = 20
"""Limit of tasks in one command."""


@feature.command(
    words("hecho", "feito", "done", "listo, hecha | pronto, feita |"),
    help=_("a task is done, or you did a step of a call for action"),
    example=_("For example: `!done {number}`; a step of a call: `!done {number} 2`", number=57),
    topic=TASKS,
    reach=Reach.ROOM,
    bare=True,
)
async def done(ctx: Context, *, text: str = "") -> Answer:
    """Complete tasks by number or reply, or the asker's only open task."""
    text = re.sub(r"^(?:(?:la|el|a|o|the)\s+)?(?:tarea|tarefa|task)\s+(?=#?\d)", "", text.strip())
    replied = await ctx.replied("task", "action")
    takes = 1 if replied and replied.kind == "action" else 0
    if replied is None and (elsewhere := await _of_others(ctx, text)) is not None:
        return elsewhere
    if not text and replied is None:
        return await _only(ctx)
    item, rest = await ctx.item(text, "task", "action", takes=takes)
    if item.kind == "action":
        return await calls_for_action.did(ctx, item, rest)
    again = folded(rest.strip(" .!")) in NOT
    told = [await _done(ctx, item, again=again)]
    for number in re.findall(r"\d{1,9}", rest)[:MOST]:
        other, _rest = await ctx.item(number, "task")
        if all(other.number != one.item.number for one in told):
            told.append(await _done(ctx, other, again=False))
    return _told(ctx, told)


async def _of_others(ctx: Context, text: str) -> Answer:
    """Have another feature complete its item of that number, if it offers that; else None."""
    number = re.match(r"\s*#?(\d{1,9})\s*$", text)
    item = await items.get(ctx.db, Number(int(number[1]))) if number else await ctx.replied()
    if item is None or not await ctx.may_see(item):
        return None
    for offer in ctx.registry.services(f"done:{item.kind}"):
        found: Answer = await offer(ctx, ctx.speaks_of(item))
        return found
    return None


@dataclass(frozen=True, slots=True)
class _Done:
    """What is said of a task. `news`: its state has changed."""

    item: Item
    line: Line
    news: bool


def _told(ctx: Context, told: list[_Done]) -> Answer:
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
async def replied_task(ctx: Context, item: Item, text: str) -> Answer:
    """Complete a task at `listo` in reply. Other replies are talk."""
    found = ctx.registry.find(text)
    if found is None or found[0].handler is not done or bare(found[2]):
        return None
    return await done(ctx)


async def _only(ctx: Context) -> Answer:
    """Complete the asker's only open task. Raises `MissingArgument` if there is not exactly one."""
    mine = await task_store.open_of(ctx.db, ctx.who, 2)
    item = await items.get(ctx.db, mine[0].item) if len(mine) == 1 else None
    if item is None or not await ctx.may_see(item):
        raise Missing("text", _("the number of the task (`!tasks`)"))
    ctx.speaks_of(item)
    return _told(ctx, [await _done(ctx, item, again=False)])


async def _done(ctx: Context, item: Item, *, again: bool) -> _Done:
    task = await task_store.get(ctx.db, item.number)
    if task is None:
        raise UserError(_("There is no number {number} here.", number=item.number))
    await _may(ctx, task)
    title = short(task.title)
    if again:
        if not task.open:
            await task_store.set_open(ctx.db, task.item, is_open=True)
            await items.reopen(ctx.db, task.item)
        line = _("Task {number}, “{title}”, is open again.", number=task.item, title=title)
        return _Done(item, line, news=not task.open)
    if not task.open:
        line = _("Task {number} is done or taken back.", number=task.item)
        return _Done(item, line, news=False)
    await close(ctx, task)
    line = _("Done: task {number}, “{title}”.", number=task.item, title=title)
    return _Done(item, line, news=True)


async def close(ctx: Context, task: Task) -> None:
    await task_store.set_open(ctx.db, task.item, is_open=False)
    await items.close(ctx.db, task.item)
    await ctx.call_off(task.item)


async def _may(ctx: Context, task: Task) -> None:
    """Raises `UserError` unless the asker does the task, wrote it or moderates.

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
