"""Find people whom the bot knows in the words of an incident."""

from __future__ import annotations

from bot.api import Allusion, Context, Told, UserId, allusion, rooms

MOST_KNOWN, ROOMS = 1000, 20


async def names(ctx: Context, person: UserId) -> set[str]:
    """Return every name of a person: their display names in all rooms and their profile name."""
    found = {shown for _room, shown in await rooms.with_person(ctx.db, person)}
    for called in ctx.registry.services("called"):
        found.add(await called(ctx, person) or "")
    return found


async def look(ctx: Context, told: Told, person: UserId) -> Allusion:
    """Return how likely the text alludes to this person."""
    return allusion(told, person, await names(ctx, person))


async def known(ctx: Context, told: Told) -> set[UserId]:
    """Return the people in the author's rooms to whom the text certainly alludes, readers or
    not."""
    every: dict[UserId, str] = {}
    for room in (await rooms.shared_rooms(ctx.db, ctx.who))[:ROOMS]:
        every |= await rooms.names(ctx.db, room.room)
    those = [one for one in list(every)[:MOST_KNOWN] if one not in (ctx.who, ctx.me)]
    return {
        one for one in those if allusion(told, one, [every[one]], closely=False) is Allusion.CERTAIN
    }
