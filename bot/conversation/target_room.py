"""The room that a command makes something for (`CommandPlace.ROOM`)."""

from __future__ import annotations

from bot.capability.context import Context
from bot.types import Membership, RoomId
from storage import room_moves, rooms
from storage.rooms import Room


async def choose_target_room(ctx: Context, named: str) -> Room:
    """Return the room that a command is for, the same as in its first run."""
    first = RoomId(ctx.answers.get("place", ""))
    kept = await rooms.get(ctx.db, await room_moves.successor_of(ctx.db, first) or first)
    here = kept and await rooms.membership(ctx.db, kept.room, ctx.who) is Membership.JOIN
    if kept is not None and kept.joined and here:
        return kept
    found = await ctx.choose_room(named)
    ctx.answers["place"] = found.room
    return found
