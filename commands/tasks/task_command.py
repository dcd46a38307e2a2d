"""`!task`: create a task, also from a line of a meeting, or change one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from bot.api import (
    Answer,
    Context,
    Day,
    Effect,
    Line,
    Membership,
    Missing,
    Moment,
    Number,
    Person,
    Reach,
    RoomId,
    Say,
    UserError,
    UserId,
    Where,
    _,
    choice,
    dates,
    is_author,
    items,
    need_to_act,
    rooms,
    words,
)
from commands.tasks import task_parser, task_reminders, task_store, texts
from commands.tasks.declaration import TASKS, feature
from commands.tasks.task_parser import Dated, Named
from commands.tasks.task_store import Task

LONGEST = 500
MOST_PEOPLE = 20
EXAMPLE = _("For example: `!task @ana buy bread by tomorrow`")


@feature.command(
    words(
        "tarea",
        "tarefa",
        "task",
        "compromiso, nueva tarea | encaminhamento, nova tarefa | new task",
    ),
    help=_("write down who does what by when"),
    example=EXAMPLE,
    topic=TASKS,
    reach=Reach.ROOM,
    where=Where.ROOM,
)
async def task(ctx: Context, *, text: str = "") -> Answer:
    """Create a task; or change one, if the line is its number with a person or a date.

    Raises `UserError` if a date cannot be kept.
    """
    text = text.strip(" :")
    changed = await _change(ctx, text)
    if changed is not None:
        return changed
    if not text:
        raise Missing("text", _("what is to be done"))
    room = ctx.target.room if ctx.target else ctx.room
    named = await _named(ctx, text, room)
    found = task_parser.dated(named.text, ctx.now, (await ctx.for_room(room)).zone)
    if found.lost:
        raise UserError(_("I can't keep “{words}” as a date.", words=found.lost[:60]), EXAMPLE)
    when = ctx.reading(found.text, found.when) if found.when else None
    number = await _keep(ctx, room, named, found.text)
    if when is not None:
        await plan(ctx, number, room, when)
    return await _told(ctx, number, room, named, _("Task {task}", task=await _line(ctx, number)))


async def _told(
    ctx: Context, number: Number, room: RoomId, named: Named, *lines: Line
) -> list[Effect]:
    """Show the task where it was typed, and notify those who do it."""
    done = _("When it is done: `!done {number}`", number=number)
    said = [*lines, *_strangers(named), done]
    others = tuple(one for one in named.people if one != ctx.who)
    if room == ctx.room:
        return [
            Say(
                tuple(said),
                reply_to=ctx.origin.event,
                thread=ctx.origin.thread,
                mentions=others,
                loud=bool(others),
                item=number,
            )
        ]
    there = Say(
        (*lines, done), room=room, mentions=others, loud=bool(others), item=number, slot="task"
    )
    return [Say(tuple(said), item=number), there]


def _strangers(named: Named) -> list[Line]:
    return [
        _("I know nobody called @{name} in this room; with the whole address I do.", name=name)
        for name in named.unknown[:3]
    ]


async def _line(ctx: Context, number: Number) -> Line:
    made = await task_store.get(ctx.db, number)
    assert made is not None
    return texts.line(made, ctx.now)


async def _named(ctx: Context, text: str, room: RoomId) -> Named:
    """Return who is named. Display names are loaded only if the line seems to name somebody."""
    meant = {
        one: await rooms.display_name(ctx.db, one, room)
        for one in ctx.origin.mentions
        if one != ctx.me
    }
    names = await rooms.names(ctx.db, room) if task_parser.needs_names(text) else {}
    names.pop(ctx.me, None)
    found = task_parser.people(text, ctx.who, meant, names)
    if len(found.people) > MOST_PEOPLE:
        raise UserError(
            _("That is too many people for one task: {count} at most.", count=MOST_PEOPLE)
        )
    return found


async def _keep(ctx: Context, room: RoomId, named: Named, title: str) -> Number:
    if len(title) > LONGEST:
        raise UserError(_("That is too long for a task: {count} letters at most.", count=LONGEST))
    if not title:
        raise Missing("text", _("what is to be done"))
    await _all_here(ctx, room, named.people)
    number = await ctx.new_item("task", title, room)
    await task_store.put(ctx.db, number, room, (await ctx.for_room(room)).zone, named.people)
    return number


async def _all_here(ctx: Context, room: RoomId, people: Sequence[UserId]) -> None:
    for one in people:
        if await rooms.membership(ctx.db, room, one) is not Membership.JOIN:
            raise UserError(
                _(
                    "{person} is not in this room, so the task would not reach them.",
                    person=Person(one, full=True),
                )
            )


async def plan(ctx: Context, number: Number, room: RoomId, when: dates.When) -> None:
    """Set when the task is due and schedule its reminders. A day without an hour ends at 23:59."""
    due = when.at
    if not when.has_time:
        due = dates.to_utc(datetime.combine(when.wall.date(), time(23, 59)), when.zone)
    await task_store.set_due(ctx.db, number, due, when.zone, timed=when.has_time)
    await task_reminders.plan(ctx, number, room, when)


# --- changing -------------------------------------------------------------------------------------


async def _change(ctx: Context, text: str) -> Answer:
    """Change a task: `57 @bea`, `57 yo`, `57 lunes`, or show it: `57`.

    None if the line is no change.
    """
    match = re.match(r"#?(\d{1,9})(?:\s+(.*))?$", text, re.DOTALL)
    if match is None:
        return None
    item = await items.get(ctx.db, Number(int(match[1])))
    found = await task_store.get(ctx.db, item.number) if item and item.kind == "task" else None
    if item is None or found is None or not await ctx.may_see(item):
        if not match[2]:
            await ctx.item(text, "task")  # raises: there is no such task
        return None
    rest = (match[2] or "").strip()
    if not rest:
        ctx.speaks_of(item)
        return Say((texts.line(found, ctx.now),), item=item.number)
    named = (
        Named((ctx.who,), "") if task_parser.is_me(rest) else await _named(ctx, rest, found.room)
    )
    when = dates.read(named.text, ctx.now, found.zone) if named.text else None
    if named.text and isinstance(when, dates.Unreadable):
        return None
    ctx.speaks_of(item)
    await _may_change(ctx, found, named)
    await _all_here(ctx, found.room, named.people)
    if named.people:
        await task_store.assign(ctx.db, found.item, named.people)
    if when is not None:
        await plan(ctx, found.item, found.room, ctx.reading(named.text, when))
    return await _told(
        ctx, found.item, found.room, named, _("Task {task}", task=await _line(ctx, found.item))
    )


async def _may_change(ctx: Context, found: Task, named: Named) -> None:
    """Raises `UserError` unless the asker does the task, wrote it, moderates, or takes a free
    one."""
    if not found.open:
        raise UserError(_("Task {number} is done or taken back.", number=found.item))
    await need_to_act(ctx, found.room)
    takes = not found.people and named.people == (ctx.who,)
    if takes or is_author(ctx, found) or ctx.who in found.people:
        return
    if not await ctx.may_change(found):
        raise UserError(
            _(
                "You can't change task {number}: that is for who does it, its author or the"
                " moderators.",
                number=found.item,
            )
        )
    await ctx.log("changed", {"number": found.item}, room=found.room)


# --- from a meeting -------------------------------------------------------------------------------


@feature.service("task")
async def from_meeting(ctx: Context, text: str, room: RoomId) -> Number:
    """Create a task from a line of a meeting.

    A doubtful date stays in the title and is asked in private.
    """
    named = await _named(ctx, text, room)
    here = [
        one for one in named.people if await rooms.membership(ctx.db, room, one) is Membership.JOIN
    ]
    found = task_parser.dated(named.text, ctx.now, (await ctx.for_room(room)).zone)
    doubtful = isinstance(found.when, dates.Doubtful)
    title = named.text if doubtful or not found.text else found.text
    number = await _keep(ctx, room, Named(tuple(here), named.text), title or text)
    if isinstance(found.when, dates.When):
        await plan(ctx, number, room, found.when)
    elif isinstance(found.when, dates.Doubtful):
        await ctx.begin("due", ctx.who, _asked(number, found, found.when))
    return number


def _asked(number: Number, found: Dated, when: dates.Doubtful) -> dict[str, Any]:
    rows = [[o.wall.isoformat(), o.zone, o.has_time] for o in when.options]
    return {"item": number, "title": found.text, "options": rows}


@feature.dialogue("due")
async def asked_due(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask which of several dates a line of a meeting meant."""
    found = await task_store.get(ctx.db, Number(data["item"]))
    if found is None or not found.open or found.due is not None:
        return None
    options = [
        dates.When(dates.to_utc(wall, zone), wall, zone, timed)
        for wall, zone, timed in (
            (datetime.fromisoformat(one), zone, timed) for one, zone, timed in data["options"]
        )
    ]
    shown = tuple(
        _("{n}) {moment}", n=n, moment=(Moment if o.has_time else Day)(o.at, o.zone))
        for n, o in enumerate(options, start=1)
    )
    answer = ctx.ask(
        "which",
        choice(len(options), walls=[o.wall for o in options]),
        _(
            "Task {number} of the meeting, “{title}”: when is it due? {options}",
            number=found.item,
            title=task_parser.short(found.title),
            options=shown,
        ),
        _("Answer with the number."),
    )
    await task_store.rename(ctx.db, found.item, data["title"])
    await plan(ctx, found.item, found.room, options[int(answer) - 1])
    return _("Noted. Task {task}", task=await _line(ctx, found.item))
