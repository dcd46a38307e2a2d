"""What is open in a room that closes: what it waits for, and what ends or goes on elsewhere."""

from __future__ import annotations

from bot.api import BEING_DECIDED, ROOM_CLOSES, Context, Effect, Item, RoomId, items, rooms
from commands.closing import plan_store


async def deciding_items(ctx: Context, room: RoomId) -> list[Item]:
    """Return the open items by which the room is being asked something, the oldest first."""
    found: dict[int, Item] = {}
    for offer in ctx.registry.offers(BEING_DECIDED):
        found |= {one.number: one for one in await offer(ctx, room)}
    return [found[number] for number in sorted(found)]


async def ending_items(ctx: Context, room: RoomId) -> list[Item]:
    """Return the open items that end when the room closes, the oldest first."""
    return [one for one in await _leaving(ctx, room) if await _next_home(ctx, one) is None]


async def end_or_move_items(ctx: Context, room: RoomId) -> list[Effect]:
    """End what is open in the room that closes, or move it to another room in which it stands.
    Return what to send."""
    effects: list[Effect] = []
    for item in await _leaving(ctx, room):
        home = await _next_home(ctx, item)
        if home is not None:
            await items.move_home(ctx.db, item, home)
        for offer in ctx.registry.offers(ROOM_CLOSES.of(item.kind)):
            effects += await offer(ctx, item, home)
    return effects


async def _leaving(ctx: Context, room: RoomId) -> list[Item]:
    """Return the room's own open items whose capability says what becomes of them."""
    return [
        one
        for one in await items.open_of(ctx.db, room)
        if ctx.registry.offers(ROOM_CLOSES.of(one.kind))
    ]


async def _next_home(ctx: Context, item: Item) -> RoomId | None:
    """Return the first other room of the item in which the bot stays, or None."""
    for room in item.others:
        known = await rooms.get(ctx.db, room)
        if known and known.joined and not await plan_store.was_closed(ctx.db, room):
            return room
    return None
