"""Who may be meant by the words of an incident, among people whom the bot knows."""

from __future__ import annotations

from bot.api import Allusion, Context, Told, UserId, allusion, rooms

MOST_KNOWN, ROOMS = 1000, 20


async def names(ctx: Context, person: UserId) -> set[str]:
    """All that somebody is called, in whichever room, and in their profile."""
    found = {shown for _room, shown in await rooms.with_person(ctx.db, person)}
    for called in ctx.registry.services("called"):
        found.add(await called(ctx, person) or "")
    return found


async def look(ctx: Context, told: Told, person: UserId) -> Allusion:
    return allusion(told, person, await names(ctx, person))


async def known(ctx: Context, told: Told) -> set[UserId]:
    """Who of those around the person is surely meant, whether or not they would read it."""
    every: dict[UserId, str] = {}
    for room in (await rooms.shared_rooms(ctx.db, ctx.who))[:ROOMS]:
        every |= await rooms.names(ctx.db, room.room)
    those = [one for one in list(every)[:MOST_KNOWN] if one not in (ctx.who, ctx.me)]
    return {
        one for one in those if allusion(told, one, [every[one]], closely=False) is Allusion.CERTAIN
    }
