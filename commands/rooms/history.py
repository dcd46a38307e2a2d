"""Who changed what in a room, and taking back the latest change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.api import (
    Answer,
    Context,
    Effect,
    Line,
    Moment,
    Need,
    Person,
    RoomId,
    UserError,
    Where,
    _,
    log,
    verbatim,
    words,
)
from commands.rooms.base import PAGE, ROOMS, feature, here, shown
from commands.rooms.configure import permit, put

DEEP = 200
"""So many lines back something can be taken back."""


@feature.command(
    words("historial", "historico", "log", "bitácora, registro | registro |"),
    help=_("who changed what here"),
    example=_("For example: `!log` or `!log 2` for older lines"),
    topic=ROOMS,
    where=Where.ROOM,
)
async def history(ctx: Context, page: int = 1) -> Answer:
    """The room's log, newest first; whoever is in the room may read it."""
    room, page = here(ctx).room, min(max(page, 1), 1000)
    found = await log.newest(ctx.db, room, page * PAGE + 1)
    part = found[(page - 1) * PAGE : page * PAGE]
    lines: list[Line] = []
    if not await log.whole(ctx.db, room):
        lines.append(_("Careful: this log was changed or lines are missing. Tell the moderators."))
    if not part:
        return [*lines, _("Nothing has been changed here yet.")]
    lines += [await _line(ctx, entry) for entry in part]
    if len(found) > page * PAGE:
        lines.append(_("Older: `!log {page}`", page=page + 1))
    return lines


async def _line(ctx: Context, entry: log.Entry) -> Line:
    who = Person(entry.who) if entry.who else _("somebody who is gone")
    when, what = Moment(entry.at, with_zone=False), await told(ctx, entry)
    return _("{when}, {who}: {what}", when=when, who=who, what=what)


async def told(ctx: Context, entry: log.Entry) -> Line:
    """What was done, as the capability that did it tells it."""
    of = ctx.registry.features.get(entry.feature)
    describe = of.services.get("describe") if of else None
    line = await describe(ctx, entry) if describe else None
    if isinstance(line, Line):
        return line
    return verbatim(f"{entry.feature}, {entry.act}")


@feature.service("describe")
async def describe(ctx: Context, entry: log.Entry) -> Line | None:
    """Our own lines: a setting changed, something taken back."""
    facts = entry.facts
    setting = ctx.registry.setting(str(facts.get("key", "")))
    if entry.act == "set" and setting is not None and "after" in facts:
        before, after = (shown(ctx, setting, facts.get(k)) for k in ("before", "after"))
        return _("{name}: {before} → {after}", name=setting.name, before=before, after=after)
    if entry.act == "identity":
        return _("has a new Matrix identity")
    if entry.act == "moved":
        return _("replaced the room; this one goes on")
    if entry.act == "undone" and "line" in facts:
        taken = await _entry(ctx, int(facts["line"]))
        if taken is not None and taken.act != "undone":
            return _("took back: {what}", what=await told(ctx, taken))
    return None


@feature.service("move")
async def move(ctx: Context, old: RoomId, new: RoomId) -> list[Effect]:
    """The log, which came along, says who replaced the room."""
    await ctx.log("moved", {}, room=new)
    return []


async def _entry(ctx: Context, line: int) -> log.Entry | None:
    found = await log.newest(ctx.db, here(ctx).room, 1, before=line + 1)
    return found[0] if found and found[0].id == line else None


@feature.command(
    words("deshacer", "desfazer", "undo"),
    help=_("take back the latest change in this room"),
    example=_("For example: `!undo`"),
    topic=ROOMS,
    need=Need.MODERATOR,
    where=Where.ROOM,
)
async def undo(ctx: Context) -> Answer:
    """The newest line that has a way back; asked first, and a line of the log itself."""
    room = here(ctx).room
    entry = await _meant(ctx)
    of = ctx.registry.features.get(entry.feature) if entry else None
    handler = of.undoes.get(entry.act) if of and entry else None
    if entry is None or entry.undo is None or handler is None:
        raise UserError(_("There is nothing to take back here."), _("What was changed: `!log`"))
    what = await told(ctx, entry)
    ctx.confirm(_("I take this back: {what}", what=what))
    ctx.feature = entry.feature
    answer = await handler(ctx, entry.undo)
    ctx.feature = feature.name
    await log.spent(ctx.db, entry.id)
    await ctx.log("undone", {"line": entry.id}, room=room)
    done = _("Taken back: {what}. It stands in `!log`.", what=what)
    return [done] if answer is None else [done, *_each(answer)]


async def _meant(ctx: Context) -> log.Entry | None:
    """The newest undoable line; after the question still the one that was shown."""
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


@feature.undo("set")
async def unset(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    """Put the former value back; None is the default again."""
    setting = ctx.registry.setting(str(kept["key"]))
    if setting is None:
        raise UserError(_("There is nothing to take back here."))
    await permit(ctx, setting)
    await put(ctx, setting, kept["value"], here(ctx).room)
    return None
