"""The part of the polls' services that concerns organisations and rolls."""

from __future__ import annotations

from bot.api import Context, Line, UserId, _, n_
from commands.polls.voters import voter_store


async def forget_person(ctx: Context, person: UserId) -> list[Line]:
    """Remove a person's name from organisations and rolls. Totals of ended polls stay."""
    count = await voter_store.forget_person(ctx.db, person)
    if not count:
        return []
    return [
        n_(
            "{count} place among those who vote, without your name now",
            "{count} places among those who vote, without your name now",
            count,
        )
    ]


async def export_person(ctx: Context, person: UserId) -> list[Line]:
    """List the organisations a person speaks for, and the rolls they are on."""
    spoken = [
        _("Organisation “{name}”: you speak for it", name=one.name)
        for one in await voter_store.organisations_of(ctx.db, person)
    ]
    rolls = [
        _("Poll {number}: you may vote for “{name}”", number=number, name=seat.voter.name)
        if seat.voter.is_organisation
        else _("Poll {number}: you may vote", number=number)
        for number, seat in await voter_store.rolls_of(ctx.db, person)
    ]
    return [*spoken, *rolls]
