"""A person's data about their arrival."""

from __future__ import annotations

from bot.api import Context, Line, Moment, UserId, _
from commands.onboarding.areas import permissions
from commands.welcome import store


async def export(ctx: Context, person: UserId) -> list[Line]:
    """Return lines that say when the person came in and in which rooms they were welcomed."""
    known = await store.get_newcomer(ctx.db, person)
    told = [_("You came in: {moment}", moment=Moment(known.since))] if known else []
    names = [
        await permissions.room_label_of(ctx, room)
        for room in await store.rooms_welcomed_in(ctx.db, person)
    ]
    return [*told, *([_("Welcomed in: {rooms}", rooms=tuple(names))] if names else [])]
