"""What has been decided, what comes and what can be typed: for one person, from their rooms."""

from __future__ import annotations

from dataclasses import replace

from bot.api import Context, Line, UserId, _, rooms
from commands.onboarding.areas import rights

ROOMS_SHOWN = 8
TYPED = ("help", "pending", "rules", "profile")
"""What a newcomer may want to type, where somebody offers it."""


async def lines(ctx: Context, person: UserId) -> list[Line]:
    """Nothing of a room in which they are not now; nothing at all where they are in none."""
    shared = await rooms.shared_rooms(ctx.db, person)
    if not shared:
        return []
    names: list[str | Line] = [rights.called(room) for room in shared[:ROOMS_SHOWN]]
    if len(shared) > ROOMS_SHOWN:
        names.append(_("and {more} more", more=len(shared) - ROOMS_SHOWN))
    found = [_("{network}: you are in {rooms}.", network=ctx.defaults.network, rooms=tuple(names))]
    theirs = replace(ctx, who=person)
    for service in ctx.registry.services("summary"):
        found += await service(theirs, [room.room for room in shared])
    return [*found, *_typed(ctx)]


def _typed(ctx: Context) -> list[Line]:
    known = [ctx.registry.find(word) for word in TYPED]
    names = tuple(_("`!{word}`", word=one[0].name) for one in known if one is not None)
    return [_("You can type here: {commands}", commands=names)] if names else []
