"""Services of the tasks feature: cancelling, open items, moved rooms, log lines, a person's
data."""

from __future__ import annotations

from bot.api import (
    CANCEL,
    EXPORT_PERSON,
    PENDING_OF_KIND,
    ROOM_CLOSES,
    Context,
    Effect,
    Item,
    Line,
    Moment,
    RoomId,
    UserId,
    _,
    is_author,
    n_,
    shorten_line,
)
from commands.tasks import action_store, completion, task_lists, task_store
from commands.tasks.declaration import feature

feature.rows("tasks_task", room="room")
feature.rows("tasks_action", room="room")
feature.rows("item", text="title", where="feature = 'tasks'", on_forget="blank")
feature.rows(
    "tasks_who",
    person="person",
    says=n_("{count} task that was yours", "{count} tasks that were yours", 0),
)
feature.rows(
    "tasks_did",
    person="person",
    says=n_("{count} step of a call for action", "{count} steps of calls for action", 0),
)
feature.log_line("cancelled", _("took back task {number}"))


@feature.offers(CANCEL.of("task"))
async def cancel_task(ctx: Context, item: Item) -> Line:
    """Cancel a task; say so if it is done already. Return the line. Cancelling somebody else's goes
    into the room's log."""
    task = await task_store.get_task(ctx.db, item.number)
    if task is None or not task.open:
        return _("Task {number} is done or taken back.", number=item.number)
    await completion.close_task(ctx, task)
    if not is_author(ctx, item):
        await ctx.log("cancelled", {"number": item.number}, room=item.room)
    return _(
        "Task {number} is taken back: “{title}”.",
        number=item.number,
        title=shorten_line(item.title),
    )


@feature.offers(ROOM_CLOSES.of("task"))
async def end_with_room(ctx: Context, item: Item, _goes_on: RoomId | None) -> list[Effect]:
    """Cancel a task whose room closes: nobody is reminded of it any more. Return what to send."""
    task = await task_store.get_task(ctx.db, item.number)
    if task is not None:
        await completion.close_task(ctx, task)
    return []


feature.offers(PENDING_OF_KIND.of("task"))(task_lists.dated_task_lines)


@feature.offers(PENDING_OF_KIND.of("action"))
async def pending_calls(ctx: Context, room: RoomId) -> list[Line]:
    """Return a line for each open call of a room."""
    return [
        _(
            "Call {number}, “{title}”, until {moment}",
            number=one.item,
            title=shorten_line(one.title),
            moment=Moment(one.ends),
        )
        for one in await action_store.open_actions(ctx.db, room, task_lists.PAGE_LINES)
    ]


@feature.offers(EXPORT_PERSON)
async def export_data(ctx: Context, person: UserId) -> list[Line]:
    """Return lines with the person's tasks, and the steps of calls for action they did."""
    steps = await action_store.steps_of(ctx.db, person)
    return [
        *await task_lists.task_lines_of(ctx, person),
        *(
            _("You did step {place} of call {number}.", place=place, number=number)
            for number, place in steps
        ),
    ]
