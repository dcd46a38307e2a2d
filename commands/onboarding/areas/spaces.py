"""The spaces around rooms: whoever comes into a room comes into the space that lists it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import Context, Room, RoomId, UserId, rooms
from commands.onboarding.areas.rights import may_bring
from commands.onboarding.areas.store import Area


async def around(
    ctx: Context,
    places: Sequence[Room],
    area: Area | None,
    by: UserId,
    given: frozenset[RoomId] = frozenset(),
) -> tuple[list[Room], frozenset[RoomId]]:
    """The spaces into which they come too, and those of them where the rooms' say is enough.

    Who put a room into a space, which takes power there, trusts the room's moderators with who is
    in it. Anybody else brings people into the space only where it lets them invite.
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
