"""`!undo`: take back the latest change of a room, by the same rule by which it was made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.api import (
    LINE,
    UNDO,
    Answer,
    Context,
    Need,
    RoomId,
    UserError,
    Where,
    _,
    back,
    carry,
    log,
    rooms,
    words,
)
from commands.rooms.declaration import ROOMS, feature, here
from commands.rooms.log_command import told
from commands.rooms.setting_changes import of_key, permit_wide

DEEP = 200
"""How many log lines back a change can be taken back."""


@feature.command(
    words("deshacer", "desfazer", "undo"),
    help=_("take back the latest change in this room"),
    example=_("For example: `!undo`"),
    topic=ROOMS,
    need=Need.MODERATOR,
    where=Where.ROOM,
)
async def undo(ctx: Context) -> Answer:
    """Take back the newest change that can be undone, after a confirmation."""
    entry = await _meant(ctx)
    if entry is None or _handler(ctx, entry) is None:
        raise nothing()
    if (entry.feature, entry.act) == (feature.name, "set"):
        permit_wide(ctx, of_key(ctx, str(entry.facts["key"])))
    what = await told(ctx, entry)
    ctx.confirm(_("I take this back: {what}", what=what))
    return await carry(ctx, back(entry, what))


@feature.act(UNDO, words("deshacer", "desfazer", "undo"), _("take back a change"))
async def take_back(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    """Undo a log entry by its feature's handler, at most once."""
    entry = await log.get(ctx.db, int(payload[LINE]))
    handler = _handler(ctx, entry) if entry else None
    if entry is None or handler is None or entry.room != room:
        raise nothing()
    what, before = await told(ctx, entry), ctx.target
    ctx.feature, ctx.target = entry.feature, await rooms.get(ctx.db, room)
    answer = await handler(ctx, entry.undo)
    ctx.feature, ctx.target = feature.name, before
    await log.spent(ctx.db, entry.id)
    await ctx.log("undone", {"line": entry.id}, room=room)
    done = _("Taken back: {what}. It stands in `!log`.", what=what)
    return [done] if answer is None else [done, *_each(answer)]


def nothing() -> UserError:
    return UserError(_("There is nothing to take back here."), _("What was changed: `!log`"))


def _handler(ctx: Context, entry: log.Entry) -> Callable[..., Any] | None:
    of = ctx.registry.features.get(entry.feature)
    return of.undoes.get(entry.act) if of and entry.undo is not None else None


async def _meant(ctx: Context) -> log.Entry | None:
    """Return the newest entry that can be undone; after the confirmation, the one that was
    shown."""
    known = ctx.known.get("line")
    found = await log.newest(ctx.db, here(ctx).room, DEEP)
    able = [entry for entry in found if entry.undo is not None]
    if known is None:
        if able:
            ctx.known["line"] = str(able[0].id)
        return able[0] if able else None
    return next((entry for entry in able if str(entry.id) == known), None)


def _each(answer: Answer) -> list[Any]:
    return list(answer) if isinstance(answer, tuple | list) else [answer]
