"""`!task`: create a task, also from a line of a meeting, or change one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from bot.api import (
    CREATE_TASK,
    Answer,
    Behind,
    CommandPlace,
    Context,
    Day,
    Effect,
    Line,
    MissingArgument,
    Moment,
    Number,
    Person,
    Reach,
    RoomId,
    Say,
    UserError,
    UserId,
    _,
    choice_of,
    dates,
    is_author,
    is_in,
    items,
    require_voice_to_change,
    rooms,
    shorten_line,
    words,
)
from commands.tasks import task_parser, task_reminders, task_store, texts
from commands.tasks.declaration import TASKS, feature
from commands.tasks.task_parser import DatedText, PeopleNamed
from commands.tasks.task_store import Task

LONGEST_TITLE = 500
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
    where=CommandPlace.ROOM,
    behind=Behind.BEGINNING,
)
async def create_or_change(ctx: Context, *, text: str = "") -> Answer:
    """Create a task, or change one if the line is its number with a person or a date. Return the
    answer.

    Raises `UserError` if a date cannot be kept.
    """
    # People, text and date are one sentence: `task_parser` reads it.
    text = text.strip(" :")
    changed = await _change_task(ctx, text)
    if changed is not None:
        return changed
    if not text:
        raise MissingArgument("text", _("what is to be done"))
    room = ctx.place
    named = await _read_people(ctx, text, room)
    found = task_parser.split_date(named.text, ctx.said_at, (await ctx.policy_of_room(room)).zone)
    if found.lost:
        raise UserError(_("I can't keep “{words}” as a date.", words=found.lost[:60]), EXAMPLE)
    when = ctx.choose_reading(found.text, found.when) if found.when else None
    number = await _store_task(ctx, room, named, found.text)
    if when is not None:
        await set_due(ctx, number, room, when)
    return await _announce(
        ctx, number, room, named, _("Task {task}", task=await _task_line(ctx, number))
    )


async def _announce(
    ctx: Context, number: Number, room: RoomId, named: PeopleNamed, *lines: Line
) -> list[Effect]:
    """Show the task where it was typed, and notify those who do it."""
    done = _("When it is done: `!done {number}`", number=number)
    said = [*lines, *_unknown_name_lines(named), done]
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


def _unknown_name_lines(named: PeopleNamed) -> list[Line]:
    return [
        _("I know nobody called @{name} in this room; with the whole address I do.", name=name)
        for name in named.unknown[:3]
    ]


async def _task_line(ctx: Context, number: Number) -> Line:
    made = await task_store.get_task(ctx.db, number)
    assert made is not None
    return texts.task_line(made, ctx.said_at)


async def _read_people(ctx: Context, text: str, room: RoomId) -> PeopleNamed:
    """Return who is named. Display names are loaded only if the line seems to name somebody."""
    meant = {
        one: await rooms.display_name(ctx.db, one, room)
        for one in ctx.origin.mentions
        if one != ctx.me
    }
    names = await rooms.member_names(ctx.db, room) if task_parser.needs_names(text) else {}
    names.pop(ctx.me, None)
    found = task_parser.read_people(text, ctx.who, meant, names)
    if len(found.people) > MOST_PEOPLE:
        raise UserError(
            _("That is too many people for one task: {count} at most.", count=MOST_PEOPLE)
        )
    return found


async def _store_task(ctx: Context, room: RoomId, named: PeopleNamed, title: str) -> Number:
    if len(title) > LONGEST_TITLE:
        raise UserError(
            _("That is too long for a task: {count} letters at most.", count=LONGEST_TITLE)
        )
    if not title:
        raise MissingArgument("text", _("what is to be done"))
    await _require_members(ctx, room, named.people)
    number = await ctx.add_item("task", title, room)
    await task_store.put_task(
        ctx.db, number, room, (await ctx.policy_of_room(room)).zone, named.people
    )
    return number


async def _require_members(ctx: Context, room: RoomId, people: Sequence[UserId]) -> None:
    for one in people:
        if not await is_in(ctx, room, one):
            raise UserError(
                _(
                    "{person} is not in this room, so the task would not reach them.",
                    person=Person(one, full=True),
                )
            )


async def set_due(ctx: Context, number: Number, room: RoomId, when: dates.ZonedTime) -> None:
    """Store when a task is due and schedule its reminders. A day without an hour ends at 23:59."""
    due = when.at
    if not when.has_time:
        due = dates.to_utc(datetime.combine(when.wall.date(), time(23, 59)), when.zone)
    await task_store.set_due(ctx.db, number, due, when.zone, timed=when.has_time)
    await task_reminders.schedule_reminders(ctx, number, room, when)


# --- changing -------------------------------------------------------------------------------------


async def _change_task(ctx: Context, text: str) -> Answer:
    """Change a task: `57 @bea`, `57 yo`, `57 lunes`, or show it: `57`.

    None if the line is no change.
    """
    match = re.match(r"#?(\d{1,9})(?:\s+(.*))?$", text, re.DOTALL)
    if match is None:
        return None
    item = await items.get(ctx.db, Number(int(match[1])))
    found = await task_store.get_task(ctx.db, item.number) if item and item.kind == "task" else None
    if item is None or found is None or not await ctx.may_see(item):
        if not match[2]:
            await ctx.parse_item(text, "task")  # raises: there is no such task
        return None
    rest = (match[2] or "").strip()
    if not rest:
        ctx.answer_privately_about(item)
        return Say((texts.task_line(found, ctx.said_at),), item=item.number)
    named = (
        PeopleNamed((ctx.who,), "")
        if task_parser.takes_it(rest)
        else await _read_people(ctx, rest, found.room)
    )
    when = dates.read_date(named.text, ctx.said_at, found.zone) if named.text else None
    if named.text and isinstance(when, dates.UnreadableDate):
        return None
    ctx.answer_privately_about(item)
    await _require_may_change(ctx, found, named)
    await _require_members(ctx, found.room, named.people)
    if named.people:
        await task_store.set_people(ctx.db, found.item, named.people)
    if when is not None:
        await set_due(ctx, found.item, found.room, ctx.choose_reading(named.text, when))
    return await _announce(
        ctx, found.item, found.room, named, _("Task {task}", task=await _task_line(ctx, found.item))
    )


feature.log_line("changed", _("changed task {number}"))


async def _require_may_change(ctx: Context, found: Task, named: PeopleNamed) -> None:
    """Raise `UserError` unless the asker does the task, wrote it, moderates, or takes a free
    one."""
    if not found.open:
        raise UserError(_("Task {number} is done or taken back.", number=found.item))
    await require_voice_to_change(ctx, found.room)
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


@feature.offers(CREATE_TASK)
async def create_from_meeting(ctx: Context, text: str, room: RoomId) -> Number:
    """Create a task from a line of a meeting's minutes, and return its number.

    A doubtful date stays in the title and is asked in private.
    """
    named = await _read_people(ctx, text, room)
    here = [one for one in named.people if await is_in(ctx, room, one)]
    found = task_parser.split_date(named.text, ctx.said_at, (await ctx.policy_of_room(room)).zone)
    doubtful = isinstance(found.when, dates.AmbiguousDate)
    title = named.text if doubtful or not found.text else found.text
    number = await _store_task(ctx, room, PeopleNamed(tuple(here), named.text), title or text)
    if isinstance(found.when, dates.ZonedTime):
        await set_due(ctx, number, room, found.when)
    elif isinstance(found.when, dates.AmbiguousDate):
        await ctx.begin_dialogue("due", ctx.who, _due_question(number, found, found.when))
    return number


def _due_question(number: Number, found: DatedText, when: dates.AmbiguousDate) -> dict[str, Any]:
    rows = [[o.wall.isoformat(), o.zone, o.has_time] for o in when.options]
    return {"item": number, "title": found.text, "options": rows}


@feature.dialogue("due")
async def ask_due(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask which of several dates a task in a meeting's minutes meant. Return what to say, if
    anything."""
    found = await task_store.get_task(ctx.db, Number(data["item"]))
    if found is None or not found.open or found.due is not None:
        return None
    options = [
        dates.ZonedTime(dates.to_utc(wall, zone), wall, zone, timed)
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
        choice_of(len(options), walls=[o.wall for o in options]),
        _(
            "Task {number} of the meeting, “{title}”: when is it due? {options}",
            number=found.item,
            title=shorten_line(found.title),
            options=shown,
        ),
        _("Answer with the number."),
    )
    await task_store.rename(ctx.db, found.item, data["title"])
    await set_due(ctx, found.item, found.room, options[int(answer) - 1])
    return _("Noted. Task {task}", task=await _task_line(ctx, found.item))
