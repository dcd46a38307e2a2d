"""Find people whom the bot knows in the words of an incident."""

from __future__ import annotations

from bot.api import GREETING_NAME, Allusion, Context, SearchedText, UserId, rate_allusion, rooms

MOST_PEOPLE, MOST_ROOMS = 1000, 20


async def names_of(ctx: Context, person: UserId) -> set[str]:
    """Return every name of a person: their display names in all rooms and their profile name."""
    found = {shown for _room, shown in await rooms.rooms_of_person(ctx.db, person)}
    for called in ctx.registry.offers(GREETING_NAME):
        found.add(await called(ctx, person) or "")
    return found


async def rate_person(ctx: Context, told: SearchedText, person: UserId) -> Allusion:
    """Return how likely it is that the text alludes to this person."""
    return rate_allusion(told, person, await names_of(ctx, person))


async def people_alluded_to(ctx: Context, told: SearchedText) -> set[UserId]:
    """Return the people in the author's rooms to whom the text certainly alludes, readers or
    not."""
    every: dict[UserId, str] = {}
    for room in (await rooms.shared_rooms(ctx.db, ctx.who))[:MOST_ROOMS]:
        every |= await rooms.member_names(ctx.db, room.room)
    those = [one for one in list(every)[:MOST_PEOPLE] if one not in (ctx.who, ctx.me)]
    return {
        one
        for one in those
        if rate_allusion(told, one, [every[one]], closely=False) is Allusion.CERTAIN
    }
