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
    MembershipChanged,
    Room,
    RoomId,
    SetState,
    _,
    rooms,
)
from commands.care import floods, person_hash
from commands.care.declaration import OPEN_DOOR_JOB, acting_as_bot, feature

COUNT_PERIOD, CLOSED_FOR = timedelta(minutes=10), timedelta(hours=1)
JOIN_RULES = "m.room.join_rules"


@feature.on(MembershipChanged)
async def handle_membership(ctx: Context, what: MembershipChanged) -> Answer:
    """Count joins and invitations in rooms that limit them; close a room against a wave of joins.
    Return what to say, if anything."""
    values = ctx.policy.values
    if what.late or what.after is what.before or ctx.policy.room is None:
        return None
    if what.after is Membership.JOIN and (most := int(values.get(floods.JOIN_LIMIT.key, "0"))):
        return await _check_wave(ctx, ctx.policy.room, most)
    if what.after is Membership.INVITE and (most := int(values.get(floods.INVITE_LIMIT.key, "0"))):
        return await _check_inviter(ctx, ctx.policy.room, what, most)
    return None


async def _count_arrival(ctx: Context, room: RoomId, mark: bytes) -> int:
    """Count one more, and return how many there were within the period."""
    since = (ctx.said_at - COUNT_PERIOD).timestamp()
    await ctx.db.run("DELETE FROM care_came WHERE room = ? AND at <= ?", room, since)
    await ctx.db.run(
        "INSERT INTO care_came (room, mark, at) VALUES (?, ?, ?)",
        room,
        mark,
        ctx.said_at.timestamp(),
    )
    row = await ctx.db.one(
        "SELECT count(*) AS n FROM care_came WHERE room = ? AND mark = ?", room, mark
    )
    assert row is not None
    return int(row["n"])


async def _check_inviter(ctx: Context, room: Room, what: MembershipChanged, most: int) -> Answer:
    """Mute who invites too many. Moderators and the bot's own invitations are exempt."""
    who = what.sender
    if who == ctx.me or await ctx.moderates(room.room, who):
        return None
    if await _count_arrival(ctx, room.room, await person_hash.hash_person(ctx.db, who)) != most + 1:
        return None
    with acting_as_bot(ctx):
        return await floods.mute_flooder(ctx, room, who, _("many people invited at once"))


feature.log_line(
    "door_closed",
    _(
        "closed the door for an hour: more than {count} people came in within ten minutes",
        count=0,
    ),
)


async def _check_wave(ctx: Context, room: Room, most: int) -> Answer:
    if await _count_arrival(ctx, room.room, b"") <= most:
        return None
    until = ctx.now + CLOSED_FOR
    row = await ctx.db.one("SELECT until FROM care_wave WHERE room = ?", room.room)
    if row is not None and row["until"] > ctx.now.timestamp():
        return None
    closes = room.join_rule == "public" and _may_close(ctx, room)
    await ctx.db.run(
        "INSERT OR REPLACE INTO care_wave VALUES (?, ?, ?)", room.room, until.timestamp(), closes
    )
    said = _(
        "More than {count} people came into “{room}” within ten minutes.",
        count=most,
        room=room.name or room.room,
    )
    if not closes:
        return await floods.alert_moderators(ctx, room, said, *_advice(room))
    with acting_as_bot(ctx):
        await ctx.schedule(OPEN_DOOR_JOB, until, room=room.room)
        await ctx.log("door_closed", {"count": most}, room=room.room, undo={"room": room.room})
    shut = _(
        "I closed its door for an hour: who comes needs an invitation. To open it now: `!undo`"
    )
    return [
        _set_join_rule("invite", room.room),
        *await floods.alert_moderators(ctx, room, said, shut),
    ]


def _may_close(ctx: Context, room: Room) -> bool:
    return room.power_of(ctx.me) >= room.power_for(JOIN_RULES, state=True)


def _advice(room: Room) -> list[Line]:
    if room.join_rule != "public":
        return []
    return [_("I have no right to close its door. In the room's settings: by invitation only.")]


def _set_join_rule(rule: str, room: RoomId) -> Effect:
    return SetState(JOIN_RULES, {"join_rule": rule}, room=room)


async def _reopen(ctx: Context, room: RoomId) -> list[Effect]:
    """Make the room public again, unless somebody changed its join rule meanwhile."""
    await ctx.db.run("UPDATE care_wave SET closed = 0 WHERE room = ?", room)
    known = await rooms.get(ctx.db, room)
    return (
        [_set_join_rule("public", room)]
        if known is not None and known.join_rule == "invite"
        else []
    )


feature.log_line("door_opened", _("opened the door again"))


@feature.runs(OPEN_DOOR_JOB)
async def reopen_room(ctx: Context, job: Job) -> Answer:
    """Open the room again that was closed against a wave of joins, when its time is over. Return
    what to say, if anything."""
    row = await ctx.db.one("SELECT closed FROM care_wave WHERE room = ?", job.room)
    if row is None or not row["closed"]:
        return None
    await ctx.log("door_opened", {}, room=job.room)
    return await _reopen(ctx, job.room)


@feature.undo("door_closed")
async def undo_closing(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    """Open a room that was closed against a wave of joins, for `!undo`. Return what to say, if
    anything."""
    return await _reopen(ctx, RoomId(kept["room"]))
