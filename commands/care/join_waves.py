"""Waves of joins and invitations, counted only in rooms that set a limit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.api import (
    Answer,
    Context,
    Effect,
    Job,
    Line,
    Membership,
    Moved,
    Room,
    RoomId,
    SetState,
    _,
    rooms,
)
from commands.care import floods, person_hash
from commands.care.declaration import by_itself, feature

WITHIN, CLOSED = timedelta(minutes=10), timedelta(hours=1)
RULES = "m.room.join_rules"


@feature.on(Moved)
async def moved(ctx: Context, what: Moved) -> Answer:
    """Count joins and invitations in rooms that set a limit."""
    values = ctx.policy.values
    if what.late or what.now is what.before or ctx.policy.room is None:
        return None
    if what.now is Membership.JOIN and (most := int(values.get(floods.WAVE.key, "0"))):
        return await _came(ctx, ctx.policy.room, most)
    if what.now is Membership.INVITE and (most := int(values.get(floods.INVITES.key, "0"))):
        return await _invited(ctx, ctx.policy.room, what, most)
    return None


async def _count(ctx: Context, room: RoomId, mark: bytes) -> int:
    """Count one more, and return how many there were within the period."""
    since = (ctx.now - WITHIN).timestamp()
    await ctx.db.run("DELETE FROM care_came WHERE room = ? AND at <= ?", room, since)
    await ctx.db.run(
        "INSERT INTO care_came (room, mark, at) VALUES (?, ?, ?)", room, mark, ctx.now.timestamp()
    )
    row = await ctx.db.one(
        "SELECT count(*) AS n FROM care_came WHERE room = ? AND mark = ?", room, mark
    )
    assert row is not None
    return int(row["n"])


async def _invited(ctx: Context, room: Room, what: Moved, most: int) -> Answer:
    """Mute who invites too many. Moderators and the bot's own invitations are exempt."""
    who = what.sender
    if who == ctx.me or await ctx.moderates(room.room, who):
        return None
    if await _count(ctx, room.room, await person_hash.of(ctx.db, who)) != most + 1:
        return None
    with by_itself(ctx):
        return await floods.hush(ctx, room, who, _("many people invited at once"))


async def _came(ctx: Context, room: Room, most: int) -> Answer:
    if await _count(ctx, room.room, b"") <= most:
        return None
    until = ctx.read + CLOSED
    row = await ctx.db.one("SELECT until FROM care_wave WHERE room = ?", room.room)
    if row is not None and row["until"] > ctx.read.timestamp():
        return None
    closes = room.join_rule == "public" and _may(ctx, room)
    await ctx.db.run(
        "INSERT OR REPLACE INTO care_wave VALUES (?, ?, ?)", room.room, until.timestamp(), closes
    )
    said = _("More than {count} people came into “{room}” within ten minutes.", count=most,
             room=room.name or room.room)  # fmt: skip
    if not closes:
        return await floods.alarm(ctx, room, said, *_next(room))
    with by_itself(ctx):
        await ctx.schedule("open_door", until, room=room.room)
        await ctx.log("door_closed", {"count": most}, room=room.room, undo={"room": room.room})
    shut = _("I closed its door for an hour: who comes needs an invitation. To open it now:"
             " `!undo`")  # fmt: skip
    return [_rule("invite", room.room), *await floods.alarm(ctx, room, said, shut)]


def _may(ctx: Context, room: Room) -> bool:
    return room.power_of(ctx.me) >= room.power_for(RULES, state=True)


def _next(room: Room) -> list[Line]:
    if room.join_rule != "public":
        return []
    return [_("I have no right to close its door. In the room's settings: by invitation only.")]


def _rule(rule: str, room: RoomId) -> Effect:
    return SetState(RULES, {"join_rule": rule}, room=room)


async def _opened(ctx: Context, room: RoomId) -> list[Effect]:
    """Make the room public again, unless somebody changed its join rule meanwhile."""
    await ctx.db.run("UPDATE care_wave SET closed = 0 WHERE room = ?", room)
    known = await rooms.get(ctx.db, room)
    return [_rule("public", room)] if known is not None and known.join_rule == "invite" else []


@feature.job("open_door")
async def open_door(ctx: Context, job: Job) -> Answer:
    row = await ctx.db.one("SELECT closed FROM care_wave WHERE room = ?", job.room)
    if row is None or not row["closed"]:
        return None
    await ctx.log("door_opened", {}, room=job.room)
    return await _opened(ctx, job.room)


@feature.undo("door_closed")
async def not_closed(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    return await _opened(ctx, RoomId(kept["room"]))
