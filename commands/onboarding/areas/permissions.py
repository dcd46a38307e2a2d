"""Permissions in areas: who sees an area, and who may bring people into its rooms."""

from __future__ import annotations

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from bot.api import Context, Line, Room, RoomId, UserError, UserId, _, is_in, rooms
from commands.onboarding.areas import store
from commands.onboarding.areas.store import RoomArea


async def visible_areas(ctx: Context) -> list[RoomArea]:
    """Return the areas to show: in a room, those it is in; in private, those of the sender's
    rooms."""
    if not ctx.is_private:
        return await store.areas_of_room(ctx.db, ctx.room)
    return [area for area in await store.all_areas(ctx.db) if await _is_inside(ctx, area)]


async def _is_inside(ctx: Context, area: RoomArea) -> bool:
    for room in area.rooms:
        if await is_in(ctx, room, ctx.who):
            return True
    return False


async def rooms_of(ctx: Context, area: RoomArea) -> list[Room]:
    """Return the area's rooms that the bot is in."""
    found = [await rooms.get(ctx.db, room) for room in area.rooms]
    return [room for room in found if room is not None and room.joined]


async def may_manage(ctx: Context, area: RoomArea | None, whose: UserId) -> bool:
    """Return whether the person may manage a code or list that `whose` made for the area.

    They may if it is their own and they are still in the area, or if they moderate one of its
    rooms. Where the area is gone, only their own.
    """
    if area is None:
        return whose == ctx.who
    return (whose == ctx.who and await _is_inside(ctx, area)) or await moderates_any_room(ctx, area)


async def moderates_any_room(ctx: Context, area: RoomArea, person: UserId | None = None) -> bool:
    """Return whether the person (by default the sender) moderates any room of the area.

    Whoever puts a room into an area trusts the moderators of its other rooms.
    """
    for room in area.rooms:
        if await ctx.moderates(room, person):
            return True
    return False


async def may_bring(ctx: Context, person: UserId, room: Room, area: RoomArea | None) -> bool:
    """Return whether this person may have the bot invite somebody into the room.

    Their own right counts, not the bot's: that of an area's moderator, or to invite there.
    """
    if area is not None and room.room in area.rooms and await moderates_any_room(ctx, area, person):
        return True
    power = await ctx.power_of(person, room.room)
    return power >= 0 and power >= room.power_to("invite")


async def may_bring_anywhere(ctx: Context, area: RoomArea) -> bool:
    """Return whether the sender may have the bot invite people into any room of the area."""
    for room in await rooms_of(ctx, area):
        if await may_bring(ctx, ctx.who, room, area):
            return True
    return False


def unknown_area(name: str, areas: list[RoomArea]) -> UserError:
    """Return the error for an unknown area, with the nearest name or those that exist."""
    lines: list[Line] = [_("There is no area “{name}” here.", name=name[:40])]
    heard = {store.comparison_key(area.name): area.name for area in areas}
    near = process.extractOne(
        store.comparison_key(name), list(heard), scorer=DamerauLevenshtein.distance, score_cutoff=2
    )
    if near:
        return UserError(*lines, _("The nearest: `{name}`", name=heard[near[0]]))
    return UserError(*lines, _areas_line(areas))


def missing_area(areas: list[RoomArea]) -> UserError:
    """Return the error for a line that names no area, with those that exist."""
    return UserError(_("Please say for which area too."), _areas_line(areas))


def _areas_line(areas: list[RoomArea]) -> Line:
    if areas:
        return _("There are: {areas}", areas=tuple(area.name for area in areas[:20]))
    return _("To put a room into an area, its moderators write: `!area add press`")


def room_label(room: Room) -> str:
    """Return a room's name, or its id where it has none."""
    return room.name or room.room


async def room_label_of(ctx: Context, room: RoomId) -> str:
    """Return the name of the room with this id, or the id where none is known."""
    found = await rooms.get(ctx.db, room)
    return room_label(found) if found else room
