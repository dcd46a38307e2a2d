"""Who may see which parts of a profile. Nobody outside the network sees any."""

from __future__ import annotations

from bot.api import Context, RoomId, UserId, is_in, is_in_moderators_room, rooms
from commands.profile import profile_store
from commands.profile.profile_parts import ProfilePart, ProfileVisibility
from commands.profile.profile_store import ProfileEntry

PAGE_SIZE = 100
MOST_PAGES = 20
"""Limit of pages that one search looks at."""


async def visible_to(ctx: Context, person: UserId, viewer: UserId) -> list[ProfileEntry]:
    """Return the parts of a profile that the viewer may see; of their own profile, all."""
    held = await profile_store.all_parts(ctx.db, person)
    if viewer == person or not held:
        return held
    levels = await _visibilities_for(ctx, person, viewer)
    return [one for one in held if one.seen in levels]


async def visible_in_room(ctx: Context, person: UserId, room: RoomId) -> list[ProfileEntry]:
    """Return the parts of a profile that everybody in the room may see."""
    here = await is_in(ctx, room, person)
    levels = (
        {ProfileVisibility.NETWORK, ProfileVisibility.ROOMS}
        if here
        else {ProfileVisibility.NETWORK}
    )
    if not here and not await rooms.shares_room(ctx.db, person):
        return []
    return [one for one in await profile_store.all_parts(ctx.db, person) if one.seen in levels]


async def _visibilities_for(ctx: Context, person: UserId, viewer: UserId) -> set[ProfileVisibility]:
    """Return the visibilities that include the viewer."""
    if not await rooms.shares_room(ctx.db, viewer) or not await rooms.shares_room(ctx.db, person):
        return set()
    levels = {ProfileVisibility.NETWORK}
    if together := await rooms.rooms_of_both(ctx.db, viewer, person):
        levels.add(ProfileVisibility.ROOMS)
    for room in together:
        if await ctx.moderates(room, viewer):
            levels.add(ProfileVisibility.MODERATORS)
    if await is_in_moderators_room(ctx, viewer):
        levels.add(ProfileVisibility.MODERATORS)
    return levels


async def find_people(
    ctx: Context, part: ProfilePart, term: str, viewer: UserId, most: int
) -> list[UserId]:
    """Return up to `most` people with the term in this part of the profile, as far as the viewer
    may see it."""
    matches: list[UserId] = []
    after = ""
    for _page in range(MOST_PAGES):
        page = await profile_store.find_term(ctx.db, part, term, after, PAGE_SIZE)
        for person, seen in page:
            if person != viewer and seen in await _visibilities_for(ctx, person, viewer):
                matches.append(person)
                if len(matches) == most:
                    return matches
        if len(page) < PAGE_SIZE:
            break
        after = page[-1][0]
    return matches
