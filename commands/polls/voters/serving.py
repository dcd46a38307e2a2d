"""Organisations and rolls for the services of the polls: who is forgotten, asks, moves."""

from __future__ import annotations

from bot.api import Context, Line, RoomId, UserId, _, n_
from commands.polls.voters import store


async def forget(ctx: Context, person: UserId) -> list[Line]:
    """A person's name goes out of organisations and rolls; totals of ended polls stay."""
    count = await store.forget(ctx.db, person)
    if not count:
        return []
    return [
        n_(
            "{count} place among those who vote, without your name now",
            "{count} places among those who vote, without your name now",
            count,
        )
    ]


async def export(ctx: Context, person: UserId) -> list[Line]:
    """For which organisations a person speaks, and on which rolls they stand."""
    spoken = [
        _("Organisation “{name}”: you speak for it", name=one.name)
        for one in await store.with_person(ctx.db, person)
    ]
    rolls = [
        _("Poll {number}: you may vote for “{name}”", number=number, name=seat.voter.name)
        if seat.voter.organisation
        else _("Poll {number}: you may vote", number=number)
        for number, seat in await store.rolls_with(ctx.db, person)
    ]
    return [*spoken, *rolls]


async def move(ctx: Context, old: RoomId, new: RoomId) -> None:
    """The room goes on in another one, and its organisations with it."""
    await store.move(ctx.db, old, new)
