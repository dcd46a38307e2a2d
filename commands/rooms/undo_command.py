"""`!undo`: take back the latest change of a room, by the same rule by which it was made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.api import (
    LINE,
    UNDO,
    Answer,
    CommandPlace,
    Context,
    Line,
    Need,
    RoomId,
    UserError,
    _,
    answer_parts,
    carry_out,
    describe_log_entry,
    log,
    rooms,
    undo_request,
    words,
)
from commands.rooms.declaration import ROOMS, effective_value, feature
from commands.rooms.setting_changes import (
    affected_lines,
    require_may_set_network,
    setting_of_key,
)

MOST_LOG_LINES = 200
"""How many log lines back a change can be taken back."""


feature.stands_for(
    words(
        "deshaz eso",
        "desfaz isso",
        "undo that",
        "deshaz esto, deshaz lo último, deshaz lo último que hice, deshazlo"
        " | desfaz isto, desfaz o último, desfaça isso"
        " | undo it, undo this, undo the last",
    ),
    "undo",
)


@feature.command(
    words("deshacer", "desfazer", "undo"),
    help=_("take back the latest change in this room"),
    example=_("For example: `!undo`"),
    topic=ROOMS,
    need=Need.MODERATOR,
    where=CommandPlace.ROOM,
)
async def undo_latest(ctx: Context) -> Answer:
    """Undo the newest entry of the room's log that can be undone, after a confirmation. Return the
    answer."""
    entry = await _latest_undoable(ctx)
    if entry is None or _undo_handler(ctx, entry) is None:
        raise nothing_to_undo()
    touched: list[Line] = []
    if (entry.feature, entry.act) == (feature.name, "set"):
        setting = setting_of_key(ctx, str(entry.facts["key"]))
        require_may_set_network(ctx, setting)
        value = effective_value(ctx, setting, (entry.undo or {}).get("value"))
        touched = await affected_lines(ctx, setting, value)
    what = await describe_log_entry(ctx, entry)
    if (final := _final_line(ctx, entry)) is not None:
        touched.append(final)
    question = _("I take this back: {what}", what=what)
    ctx.confirm(question, *touched, final=final is not None)
    return await carry_out(ctx, undo_request(entry, _("take back: {what}", what=what)))


@feature.act(UNDO, words("deshacer", "desfazer", "undo"), _("take back a change"))
async def run_undo(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    """Undo an entry of the room's log by its capability's handler, at most once. Return what to
    say, if anything."""
    entry = await log.get(ctx.db, int(payload[LINE]))
    handler = _undo_handler(ctx, entry) if entry else None
    writer = ctx.registry.log_writer(entry.feature, entry.act) if entry else None
    if entry is None or handler is None or writer is None or entry.room != room:
        raise nothing_to_undo()
    what, before = await describe_log_entry(ctx, entry), ctx.target
    ctx.feature, ctx.target = writer.name, await rooms.get(ctx.db, room)
    answer = await handler(ctx, entry.undo)
    ctx.feature, ctx.target = feature.name, before
    await log.delete_undo(ctx.db, entry.id)
    await ctx.log("undone", {"line": entry.id}, room=room)
    done = _("Taken back: {what}. It stands in `!log`.", what=what)
    return [done] if answer is None else [done, *answer_parts(answer)]


def nothing_to_undo() -> UserError:
    """Return the refusal where nothing was changed that can be taken back."""
    return UserError(_("There is nothing to take back here."), _("What was changed: `!log`"))


def _undo_handler(ctx: Context, entry: log.LogEntry) -> Callable[..., Any] | None:
    of = ctx.registry.log_writer(entry.feature, entry.act)
    return of.undo_handlers.get(entry.act) if of and entry.undo is not None else None


def _final_line(ctx: Context, entry: log.LogEntry) -> Line | None:
    of = ctx.registry.log_writer(entry.feature, entry.act)
    return of.final_undos.get(entry.act) if of else None


async def _latest_undoable(ctx: Context) -> log.LogEntry | None:
    """Return the newest entry that can be undone; after the confirmation, the one that was
    shown."""
    known = ctx.answers.get("line")
    found = await log.newest_entries(ctx.db, ctx.target_room.room, MOST_LOG_LINES)
    able = [entry for entry in found if entry.undo is not None]
    if known is None:
        if able:
            ctx.answers["line"] = str(able[0].id)
        return able[0] if able else None
    return next((entry for entry in able if str(entry.id) == known), None)
