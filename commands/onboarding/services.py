"""Services for other capabilities: areas, and a person's data in lists of invitations."""

from __future__ import annotations

from bot.api import (
    ADD_TO_AREA,
    AREA_ROOMS,
    EXPORT_PERSON,
    FORGET,
    Context,
    Line,
    RoomId,
    UserId,
    n_,
)
from commands.onboarding.areas import command
from commands.onboarding.areas import store as area_store
from commands.onboarding.declaration import feature
from commands.onboarding.invitations import store as invitation_store

feature.rows("onboarding_area_room", room="room", on_clash="drop")
feature.at_split("onboarding_area", "empty", "id NOT IN (SELECT area FROM onboarding_area_room)")
feature.rows("onboarding_invitation", room="room", where="state = 'waiting'")
feature.rows(
    "onboarding_invitation",
    person="person",
    says=n_("{count} invitation", "{count} invitations", 0),
)
feature.rows("onboarding_list", person="newcomer", on_forget="code")


@feature.offers(AREA_ROOMS)
async def area_rooms(ctx: Context, name: str) -> list[RoomId]:
    """Return the rooms of an area; none if there is no area of that name."""
    found = await area_store.find_area(ctx.db, name)
    return list(found.rooms) if found else []


@feature.offers(ADD_TO_AREA)
async def put_into_area(
    ctx: Context, name: str, room: RoomId | None, soon: frozenset[RoomId]
) -> str:
    """Put a room into an area (a named group of rooms) and return the area's name as it is written.

    With `room` None it only checks that this is allowed. `soon`: rooms that are opened together, so
    that an area with one of them needs no further right. Raises `UserError` if the name is no name
    for an area, or if the person may not add to it.
    """
    name = command.clean_name(name)
    one = await area_store.find_area(ctx.db, name)
    if one is None or not soon.intersection(one.rooms):
        one = await command.area_to_extend(ctx, room, name)
    if room is not None and (one is None or room not in one.rooms):
        one = await command.put_room(ctx, room, one.name if one else name)
    return one.name if one else name


@feature.offers(FORGET)
async def forget(ctx: Context, person: UserId) -> list[Line]:
    """Delete the lists of invitations that brought a person in. Return an empty list: nobody is
    told of it."""
    await invitation_store.delete_arrivals_of(ctx.db, person)
    return []


@feature.offers(EXPORT_PERSON)
async def export(ctx: Context, person: UserId) -> list[Line]:
    """Return a line with the number of lists of invitations a person was on."""
    invited = await invitation_store.count_lists_of(ctx.db, person)
    return [n_("Invited by {count} list.", "Invited by {count} lists.", invited)] if invited else []
