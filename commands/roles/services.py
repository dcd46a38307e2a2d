"""The services of roles for other capabilities."""

from __future__ import annotations

from bot.api import EXPORT_PERSON, FORGET, MODERATORS, Context, Line, Moment, RoomId, UserId, _, n_
from commands.roles import store
from commands.roles.declaration import feature

feature.rows("roles_role", room="room")
feature.rows(
    "roles_holder",
    person="person",
    says=n_("{count} role that you had", "{count} roles that you had", 0),
)
feature.rows("roles_candidate", person="person")


@feature.offers(MODERATORS)
async def role_moderators(ctx: Context, room: RoomId) -> list[UserId]:
    """Return the people who moderate the room by a role."""
    return await store.moderating_holders(ctx.db, room)


@feature.offers(FORGET)
async def forget_person(ctx: Context, person: UserId) -> list[Line]:
    """Delete the jobs about a person's terms in roles; the roles themselves go with the rows that
    name the person. Return no lines."""
    await store.delete_jobs_about(ctx.db, person)
    return []


@feature.offers(EXPORT_PERSON)
async def export_person(ctx: Context, person: UserId) -> list[Line]:
    """Return lines with the roles that a person has."""
    return [
        _("You have the role “{name}” until {moment}.", name=role.title, moment=Moment(until))
        if until
        else _("You have the role “{name}”.", name=role.title)
        for role, until in await store.roles_of_person(ctx.db, person)
    ]
