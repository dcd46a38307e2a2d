"""What newcomers can do at once: open calls, and tasks that nobody has taken."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import SUMMARY, Context, Line, Moment, RoomId, _, shorten_line
from commands.tasks import action_store, task_store, texts
from commands.tasks.declaration import feature

MOST_SHOWN = 3


@feature.offers(SUMMARY)
async def summary_lines(ctx: Context, places: Sequence[RoomId]) -> list[Line]:
    """Return lines with calls for action and free tasks of these rooms, the first to end or to be
    due."""
    return [*await _action_lines(ctx, places), *await _free_task_lines(ctx, places)]


async def _action_lines(ctx: Context, places: Sequence[RoomId]) -> list[Line]:
    found = [
        one for room in places for one in await action_store.open_actions(ctx.db, room, MOST_SHOWN)
    ]
    found.sort(key=lambda one: (one.ends, one.item))
    lines = [
        _(
            "Call {number}, “{title}”, until {moment}",
            number=one.item,
            title=shorten_line(one.title),
            moment=Moment(one.ends),
        )
        for one in found[:MOST_SHOWN]
    ]
    if not lines:
        return []
    return [
        _("Calls for action:"),
        *lines,
        _("Its steps: `!action {number}`", number=found[0].item),
    ]


async def _free_task_lines(ctx: Context, places: Sequence[RoomId]) -> list[Line]:
    found = [
        one for room in places for one in await task_store.free_tasks_in(ctx.db, room, MOST_SHOWN)
    ]
    found.sort(key=lambda one: (one.due is None, one.due, one.item))
    if not found:
        return []
    return [
        _("Tasks that nobody has taken yet:"),
        *(texts.task_line(one, ctx.said_at) for one in found[:MOST_SHOWN]),
        _("To take one: `!task {number} me`", number=found[0].item),
    ]
