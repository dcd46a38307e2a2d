"""Services of the lists: what is kept of a person."""

from __future__ import annotations

from bot.api import EXPORT_PERSON, FORGET, Context, Line, UserId, _
from commands.expected_lists import list_end, store
from commands.expected_lists.declaration import feature


@feature.offers(FORGET)
async def forget(ctx: Context, person: UserId) -> list[Line]:
    """Take a person off all lists of expected people and end theirs. Return lines that say so."""
    return await list_end.forget(ctx, person)


@feature.offers(EXPORT_PERSON)
async def export(ctx: Context, person: UserId) -> list[Line]:
    """Return the lists of expected people that a person is on, as lines for them to read."""
    return [
        _("You are on list {number}, for “{area}”.", number=one.item, area=one.area)
        for one in await store.lists_with_person(ctx.db, person, ctx.now)
    ]
