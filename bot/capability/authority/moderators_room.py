"""Finds the moderators' room and the network's moderators, and writes to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.capability.authority import permission
from bot.capability.request_state import RequestState
from bot.delivery.effects import Effect, Say
from bot.lines import Line
from bot.types import Number, RoomId, UserId
from storage import rooms, settings
from storage.database import Tx


async def chosen_moderators_room(tx: Tx) -> RoomId | None:
    """Return the room that was set as the moderators' room, or None if there is none or the bot has
    left it."""
    for chosen in await settings.rooms_with(tx, "moderation", "yes"):
        room = await rooms.get(tx, chosen)
        if room is not None and room.joined:
            return chosen
    return None


async def is_in_moderators_room(ctx: RequestState, person: UserId) -> bool:
    """Return whether the person is in the chosen moderators' room."""
    chosen = await chosen_moderators_room(ctx.db)
    return chosen is not None and await permission.is_in(ctx, chosen, person)


async def moderators_room(tx: Tx) -> RoomId | None:
    """Return the room set as the moderators' room, else the room that the bot joined first, else
    None."""
    joined = [room for room in await rooms.network_rooms(tx) if room.kind != "m.space"]
    chosen = await chosen_moderators_room(tx)
    if chosen in {room.room for room in joined}:
        return chosen
    first = min(joined, key=lambda one: (one.entered, one.room), default=None)
    return first.room if first else None


async def network_moderators(ctx: RequestState) -> list[UserId]:
    """Return those of the configured network moderators who share a room with the bot."""
    everybody = sorted(ctx.defaults.moderators)
    return [one for one in everybody if await rooms.shares_room(ctx.db, one)]


async def tell_moderators(
    ctx: RequestState,
    lines: Sequence[Line],
    otherwise: Iterable[UserId],
    item: Number | None = None,
) -> list[Effect]:
    """Return a loud message to the room set as the moderators' room; without one, to each person in
    `otherwise`."""
    chosen = await chosen_moderators_room(ctx.db)
    if chosen is not None:
        return [Say(tuple(lines), room=chosen, loud=True, item=item)]
    return [Say(tuple(lines), to=one, loud=True, item=item) for one in otherwise]
