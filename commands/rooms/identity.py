"""Somebody's keys were replaced: the person and who moderates are told, and the logs say it."""

from __future__ import annotations

from bot.api import (
    Answer,
    Context,
    Effect,
    NewIdentity,
    Person,
    Room,
    Say,
    UserId,
    _,
    moderators,
    rooms,
)
from commands.rooms.base import feature


@feature.on(NewIdentity)
async def replaced(ctx: Context, what: NewIdentity) -> Answer:
    """It may be a new phone, or somebody else in their name: only people can tell."""
    shared = await rooms.shared_rooms(ctx.db, what.sender)
    if not shared:
        return None
    for room in shared:
        await ctx.log("identity", {}, room=room.room)
    told: list[Effect] = [
        Say(
            (
                _("Your Matrix identity was reset: your devices are signed with new keys."),
                _("Was it you? Then all is well. If not, tell the moderators at once."),
            ),
            to=what.sender,
            loud=True,
        )
    ]
    for one in sorted(await _moderators(ctx, shared) - {what.sender, ctx.me}):
        person = Person(what.sender)
        lines = (
            _("{person} has a new Matrix identity: the old keys were replaced.", person=person),
            _("Ask them, by another way than Matrix, whether it was them. If not: remove them."),
        )
        told.append(Say(lines, to=one, loud=True))
    return told


async def _moderators(ctx: Context, shared: list[Room]) -> set[UserId]:
    """The network's, and those of the rooms that we share with the person."""
    found = set(ctx.defaults.moderators)
    for room in shared:
        found |= set(await moderators(ctx, room.room))
    return found
