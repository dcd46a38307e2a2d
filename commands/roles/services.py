"""The services of roles for other capabilities."""

from __future__ import annotations

from bot.api import (
    DESCRIBE,
    EXPORT,
    FORGET,
    MODERATORS,
    MOVE,
    Context,
    Effect,
    Line,
    Moment,
    Person,
    RoomId,
    UserId,
    _,
    log,
    n_,
)
from commands.roles import store
from commands.roles.declaration import feature


@feature.offers(MODERATORS)
async def role_moderators(ctx: Context, room: RoomId) -> list[UserId]:
    """Return who moderates the room by a role."""
    return await store.moderating_holders(ctx.db, room)


@feature.offers(MOVE)
async def move_roles(ctx: Context, old: RoomId, new: RoomId) -> list[Effect]:
    """Move the roles and their holders of an upgraded room to the new room."""
    await store.move_roles(ctx.db, old, new)
    return []


@feature.offers(FORGET)
async def forget_person(ctx: Context, person: UserId) -> list[Line]:
    """Remove a person from all roles and draws."""
    count = await store.forget_person(ctx.db, person)
    return [n_("{count} role that you had", "{count} roles that you had", count)] if count else []


@feature.offers(EXPORT)
async def export_person(ctx: Context, person: UserId) -> list[Line]:
    """List the roles that a person has."""
    return [
        _("You have the role “{name}” until {moment}.", name=role.title, moment=Moment(until))
        if until
        else _("You have the role “{name}”.", name=role.title)
        for role, until in await store.roles_of_person(ctx.db, person)
    ]


@feature.offers(DESCRIBE)
async def describe_log_entry(_ctx: Context, entry: log.LogEntry) -> Line | None:
    """Describe a log entry of this capability."""
    name = str(entry.facts.get("role", ""))
    user = entry.facts.get("user")
    person = Person(UserId(user)) if user else _("a person")
    told = {
        "made": _("made the role “{name}”", name=name),
        "dropped": _("dropped the role “{name}”", name=name),
        "gave": _("{person} has the role “{name}”", person=person, name=name),
        "took": _("{person} does not have the role “{name}”", person=person, name=name),
        "ended": _("the term of {person} in the role “{name}” is over", person=person, name=name),
        "left": _("{person} left, and with that the role “{name}”", person=person, name=name),
    }
    return told.get(entry.act)
