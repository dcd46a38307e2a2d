"""Who moderates a room, and where what concerns the whole network is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.types import RoomId, UserId
from storage import rooms, settings
from storage.database import Tx

if TYPE_CHECKING:
    from bot.context import Context

MODERATES = 50


async def moderates(ctx: Context, room: RoomId, person: UserId) -> bool:
    """By power, or by a role that the room gave; nobody who is not in it, or may not even speak."""
    power = await ctx.power(person, room)
    if power >= MODERATES or power < 0:
        return power >= MODERATES
    for given in ctx.registry.services("moderators"):
        if person in await given(ctx, room):
            return True
    return False


async def moderators(ctx: Context, room: RoomId) -> list[UserId]:
    """Whoever moderates the room and is in it, by power or by a role; not the bot."""
    known = await rooms.get(ctx.db, room)
    if known is None:
        return []
    levels = known.power.get("users")
    named = {*known.creators, *(levels if isinstance(levels, dict) else ())}
    if known.power_of(UserId("")) >= MODERATES:  # everybody may
        named |= set(await rooms.members(ctx.db, room))
    for given in ctx.registry.services("moderators"):
        named |= set(await given(ctx, room))
    found = [UserId(one) for one in sorted(named) if one != ctx.me]
    return [person for person in found if await moderates(ctx, room, person)]


async def moderators_room(tx: Tx) -> RoomId | None:
    """The one that was chosen, else the room that the bot entered first."""
    chosen = await settings.rooms_with(tx, "moderation", "yes")
    joined = [room for room in await rooms.common_rooms(tx) if room.kind != "m.space"]
    here = {room.room for room in joined}
    for room in chosen:
        if room in here:
            return room
    first = min(joined, key=lambda one: (one.entered, one.room), default=None)
    return first.room if first else None
