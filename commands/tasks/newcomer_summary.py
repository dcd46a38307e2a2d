"""What newcomers can do at once: open calls, and tasks that nobody has taken."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import Context, Line, Moment, RoomId, _
from commands.tasks import action_store, task_store, texts
from commands.tasks.declaration import feature
from commands.tasks.task_parser import short

SHOWN = 3


@feature.service("summary")
async def summary(ctx: Context, places: Sequence[RoomId]) -> list[Line]:
    """Return calls and free tasks of these rooms, the first to end or to be due."""
    return [*await _calls(ctx, places), *await _free(ctx, places)]


async def _calls(ctx: Context, places: Sequence[RoomId]) -> list[Line]:
    found = [one for room in places for one in await action_store.open_in(ctx.db, room, SHOWN)]
    found.sort(key=lambda one: (one.ends, one.item))
    lines = [
        _(
            "Call {number}, “{title}”, until {moment}",
            number=one.item,
            title=short(one.title),
            moment=Moment(one.ends),
        )
        for one in found[:SHOWN]
    ]
    if not lines:
        return []
    return [
        _("Calls for action:"),
        *lines,
        _("Its steps: `!action {number}`", number=found[0].item),
    ]


async def _free(ctx: Context, places: Sequence[RoomId]) -> list[Line]:
    found = [one for room in places for one in await task_store.free_in(ctx.db, room, SHOWN)]
    found.sort(key=lambda one: (one.due is None, one.due, one.item))
    if not found:
        return []
    return [
        _("Tasks that nobody has taken yet:"),
        *(texts.line(one, ctx.now) for one in found[:SHOWN]),
        _("To take one: `!task {number} me`", number=found[0].item),
    ]
