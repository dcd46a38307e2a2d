"""Change settings of several rooms: a preview, a confirmation, then each by its room's rules.

The room of the command gets one log entry, undone as one; each room logs its own changes and is
told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bot.api import (
    ActRequest,
    Answer,
    Context,
    Effect,
    Line,
    Person,
    Room,
    RoomId,
    Say,
    Setting,
    UserError,
    _,
    answer_parts,
    carry_out,
    log,
    may_act,
    n_,
    undo_request,
)
from commands.rooms.declaration import (
    effective_value,
    feature,
    show_value,
    stored_value,
)
from commands.rooms.room_selection import RoomSelection, room_name
from commands.rooms.setting_changes import setting_of_key

MOST_GROUPS = 8
"""Most preview lines. Rooms with the same changes share one."""
MOST_NAMED = 6
"""Most rooms or changes named on a line."""


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A setting of a room with its stored value before and after; None is the default."""

    setting: Setting
    before: str | None
    after: str | None


@dataclass(slots=True)
class BulkPlan:
    """What a bulk change would do. `barred`: rooms in which the person may not change it."""

    changes: list[tuple[Room, tuple[SettingChange, ...]]] = field(default_factory=list)
    barred: list[Room] = field(default_factory=list)
    unchanged: int = 0
    unseen: int = 0

    @property
    def digest(self) -> str:
        """A hash of everything that would change: a yes counts only for the plan that was shown."""
        every = [
            (r.room, [(c.setting.key, c.before, c.after) for c in cs]) for r, cs in self.changes
        ]
        return hashlib.sha256(repr(every).encode()).hexdigest()


@dataclass(slots=True)
class BulkResult:
    """Outcome: log lines to undo, rooms changed, rooms that decide first, and refusals."""

    lines: list[int] = field(default_factory=list)
    rooms: dict[RoomId, list[Line]] = field(default_factory=dict)
    waits: dict[RoomId, int] = field(default_factory=dict)
    refused: dict[RoomId, tuple[Line, ...]] = field(default_factory=dict)
    effects: list[Line | Effect] = field(default_factory=list)


async def change_settings(
    ctx: Context, targets: RoomSelection, wanted: Mapping[str, str | None], why: str = ""
) -> Answer:
    """Set these values of settings in these rooms, after a preview and a confirmation. Return what
    to say, if anything."""
    ctx.answer_privately |= not ctx.is_private and any(
        room.room != ctx.room for room in targets.rooms
    )
    plan = await _make_plan(ctx, targets, wanted)
    if not plan.changes:
        raise UserError(*_nothing_to_change(ctx, plan))
    if ctx.answers.setdefault("plan", plan.digest) != plan.digest:
        raise UserError(_("Something changed meanwhile. Please write the command again."))
    ctx.confirm(*_preview(ctx, plan))
    done = BulkResult()
    for room, changes in plan.changes:
        for one in changes:
            await _change_one(ctx, done, room, one, why)
    if done.lines:
        facts = {"rooms": len(done.rooms), "changes": len(done.lines)}
        await ctx.log("wide", facts, room=ctx.target_room.room, undo={"lines": done.lines})
    return _report(ctx, done, _changed_line)


async def _make_plan(
    ctx: Context, targets: RoomSelection, wanted: Mapping[str, str | None]
) -> BulkPlan:
    plan = BulkPlan(unseen=targets.unseen)
    for room in targets.rooms:
        if not await may_act(ctx, "set", room.room):
            plan.barred.append(room)
            continue
        found = []
        for key, after in wanted.items():
            setting = setting_of_key(ctx, key)
            before = await stored_value(ctx, setting, room.room)
            if effective_value(ctx, setting, before) != effective_value(ctx, setting, after):
                found.append(SettingChange(setting, before, after))
        if found:
            plan.changes.append((room, tuple(found)))
        else:
            plan.unchanged += 1
    return plan


def _preview(ctx: Context, plan: BulkPlan) -> list[Line]:
    """Show before and after, one line for rooms with the same changes, then totals and skipped
    rooms."""
    groups: dict[tuple[Any, ...], list[Room]] = {}
    said: dict[tuple[Any, ...], Line] = {}
    for room, changes in plan.changes:
        key = tuple((c.setting.key, c.before, c.after) for c in changes)
        groups.setdefault(key, []).append(room)
        said[key] = _shorten([_change_line(ctx, one) for one in changes])
    lines = [
        Line(
            "{rooms}: {changes}",
            {"rooms": _shorten([room_name(r) for r in found]), "changes": said[key]},
        )
        for key, found in list(groups.items())[:MOST_GROUPS]
    ]
    rest = sum(len(found) for found in list(groups.values())[MOST_GROUPS:])
    if rest:
        lines.append(n_("And {count} room more.", "And {count} rooms more.", rest))
    total = sum(len(changes) for _room, changes in plan.changes)
    lines.append(
        n_(
            "In all {changes} in {count} room. One `!undo` takes all of it back.",
            "In all {changes} in {count} rooms. One `!undo` takes all of it back.",
            len(plan.changes),
            changes=n_("{count} change", "{count} changes", total),
        )
    )
    return [*lines, *_skipped_lines(plan)]


def _nothing_to_change(ctx: Context, plan: BulkPlan) -> list[Line]:
    if plan.unchanged:
        return [*_skipped_lines(plan), _("Nothing would change: it is so already.")]
    if [room.room for room in plan.barred] == [ctx.target_room.room]:
        return [
            _("You can't do that here: it is for the room's moderators."),
            _("What is set here: `!config`"),
        ]
    return _skipped_lines(plan)


def _skipped_lines(plan: BulkPlan) -> list[Line]:
    lines = []
    if plan.barred:
        names = _shorten([room_name(room) for room in plan.barred])
        lines.append(_("Left out, since you don't moderate there: {rooms}", rooms=names))
    if plan.unseen:
        lines.append(
            n_(
                "Left out too: {count} room that you are not in.",
                "Left out too: {count} rooms that you are not in.",
                plan.unseen,
            )
        )
    return lines


def _change_line(ctx: Context, one: SettingChange) -> Line:
    before, after = (show_value(ctx, one.setting, value) for value in (one.before, one.after))
    return _("{name}: {before} → {after}", name=one.setting.name, before=before, after=after)


def _shorten(every: Sequence[Line]) -> Line:
    if len(every) <= MOST_NAMED:
        return Line("{choices}", {"choices": tuple(every)})
    more = _("{count} more", count=len(every) - MOST_NAMED)
    return Line("{choices}", {"choices": (*every[:MOST_NAMED], more)})


async def _change_one(
    ctx: Context, done: BulkResult, room: Room, one: SettingChange, why: str
) -> None:
    payload = {"key": one.setting.key, "value": one.after, "why": why}
    told = _change_line(ctx, one)
    wish = ActRequest("set", room.room, told, payload, of=one.setting.key)

    async def happened() -> bool:
        now = await stored_value(ctx, one.setting, room.room)
        return effective_value(ctx, one.setting, now) == effective_value(
            ctx, one.setting, one.after
        )

    await _carry_out(ctx, done, wish, happened)


async def _carry_out(
    ctx: Context, done: BulkResult, wish: ActRequest, happened: Callable[[], Awaitable[bool]]
) -> None:
    """Ask the room's rules: done now, later or refused. A refusal leaves nothing behind."""
    last = await log.last_id(ctx.db)
    try:
        async with ctx.db.savepoint():
            answer = await carry_out(ctx, wish)
    except UserError as no:
        done.refused[wish.room] = no.lines
        return
    if await happened():
        done.rooms.setdefault(wish.room, []).append(wish.what)
        new = [
            one for one in await log.newest_entries(ctx.db, wish.room, MOST_NAMED) if one.id > last
        ]
        done.lines += [one.id for one in reversed(new) if one.undo is not None]
        done.effects += [one for one in answer_parts(answer) if not isinstance(one, Line)]
    else:
        done.waits[wish.room] = done.waits.get(wish.room, 0) + 1
        done.effects += answer_parts(answer)


def _report(
    ctx: Context, done: BulkResult, first: Callable[[BulkResult], Line]
) -> list[Line | Effect]:
    """Summarise for the author, and tell each other room what changed in it."""
    said: list[Line | Effect] = [first(done)]
    if done.waits:
        said.append(
            n_(
                "In {count} room it waits for what the room's rules ask for.",
                "In {count} rooms it waits for what their rules ask for.",
                len(done.waits),
            )
        )
    if done.refused:
        said.append(
            n_(
                "In {count} room the rules don't let you: there nothing changed.",
                "In {count} rooms the rules don't let you: there nothing changed.",
                len(done.refused),
            )
        )
    by = Person(ctx.who)
    further = [_("It stands in `!log`. To go back: `!undo`")] if done.lines else []
    told = [
        Say(
            (_("{person} changed here: {changes}", person=by, changes=_shorten(lines)), *further),
            room,
        )
        for room, lines in done.rooms.items()
        if room != ctx.room
    ]
    return [*said, *done.effects, *told]


def _changed_line(done: BulkResult) -> Line:
    if not done.lines:
        return _("Nothing has changed yet.")
    return n_(
        "Changed in {count} room. It stands in the `!log` there. To go back, all at once: `!undo`",
        "Changed in {count} rooms. It stands in the `!log` there. To go back, all at once: `!undo`",
        len(done.rooms),
    )


@feature.undo("wide")
async def undo_bulk(ctx: Context, undo: Mapping[str, Any]) -> Answer:
    """Undo a change of settings in many rooms, by each room's rules. Settings that changed since
    stay as they are. Return what to say, if anything."""
    done, since = BulkResult(), 0
    for line in undo["lines"]:
        entry = await log.get(ctx.db, int(line))
        if entry is None or entry.undo is None:
            continue  # undone in its room already
        ctx.answer_privately |= (
            ctx.resume_point is not None and not ctx.is_private and entry.room != ctx.room
        )
        setting = ctx.registry.setting_named(str(entry.undo["key"]))
        if setting is None:
            continue
        now = await stored_value(ctx, setting, entry.room)
        if now != entry.undo["after"]:
            since += 1
            continue
        told = _change_line(ctx, SettingChange(setting, now, entry.undo["value"]))
        await _carry_out(ctx, done, undo_request(entry, told), partial(_is_undone, ctx, entry.id))
    answer = _report(ctx, done, _undone_line)
    if since:
        said = n_(
            "{count} setting was changed again since: it stays.",
            "{count} settings were changed again since: they stay.",
            since,
        )
        answer.insert(1, said)
    return answer


async def _is_undone(ctx: Context, line: int) -> bool:
    entry = await log.get(ctx.db, line)
    return entry is None or entry.undo is None


def _undone_line(done: BulkResult) -> Line:
    changes = sum(map(len, done.rooms.values()))
    return n_(
        "Back as before: {changes} in {count} room.",
        "Back as before: {changes} in {count} rooms.",
        len(done.rooms),
        changes=n_("{count} change", "{count} changes", changes),
    )
