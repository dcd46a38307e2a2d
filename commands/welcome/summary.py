"""The summary for one person: what was decided in their rooms, what comes, what to type."""

from __future__ import annotations

from dataclasses import replace

from bot.api import SUMMARY, Context, Line, UserId, _, rooms
from commands.onboarding.areas import permissions

ROOMS_SHOWN = 8
TYPED = ("help", "pending", "rules", "profile")
"""Commands that the summary names, if some capability offers them."""


async def summary_lines(ctx: Context, person: UserId) -> list[Line]:
    """Return the newcomer's summary of the rooms in which the person is now; empty if they are in
    none."""
    shared = await rooms.shared_rooms(ctx.db, person)
    if not shared:
        return []
    names: list[str | Line] = [permissions.room_label(room) for room in shared[:ROOMS_SHOWN]]
    if len(shared) > ROOMS_SHOWN:
        names.append(_("and {more} more", more=len(shared) - ROOMS_SHOWN))
    found = [_("{network}: you are in {rooms}.", network=ctx.defaults.network, rooms=tuple(names))]
    theirs = replace(ctx, who=person)
    for service in ctx.registry.offers(SUMMARY):
        found += await service(theirs, [room.room for room in shared])
    return [*found, *_typed(ctx)]


def _typed(ctx: Context) -> list[Line]:
    known = [ctx.registry.find_command(word) for word in TYPED]
    names = tuple(_("`!{word}`", word=one[0].name) for one in known if one is not None)
    return [_("You can type here: {commands}", commands=names)] if names else []
