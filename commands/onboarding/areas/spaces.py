"""The spaces that list a room: whoever is invited to the room is invited to them too."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import Context, Room, RoomId, UserId, rooms
from commands.onboarding.areas.permissions import may_bring
from commands.onboarding.areas.store import RoomArea


async def spaces_around(
    ctx: Context,
    places: Sequence[Room],
    area: RoomArea | None,
    by: UserId,
    given: frozenset[RoomId] = frozenset(),
) -> tuple[list[Room], frozenset[RoomId]]:
    """Return the spaces that list these rooms, and the ids of those into which the rooms'
    moderators may invite.

    Listing a room in a space takes power there, so it shows trust in the room's moderators about
    who is in the space. People without that right bring others only where the space lets them
    invite.
    """
    found: dict[RoomId, Room] = {}
    trusted: set[RoomId] = set()
    for place in places:
        listing = await rooms.spaces_of(ctx.db, place.room)
        found |= {space.room: space for space in listing}
        if listing and (place.room in given or await ctx.moderates(place.room, by)):
            trusted |= {space.room for space in listing}
    for known in places:
        found.pop(known.room, None)
    every = [
        space
        for space in found.values()
        if space.room in trusted or await may_bring(ctx, by, space, area)
    ]
    return every, frozenset(trusted)
