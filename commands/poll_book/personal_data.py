"""What is kept of a person: their votes, their places on rolls, whom they speak for."""

from __future__ import annotations

from bot.api import FORGET, Context, Line, UserId, _, n_
from commands.poll_book import (
    assembly_store,
    poll_store,
    texts,
    vote_removal,
    vote_store,
    voter_store,
)
from commands.poll_book.declaration import feature


@feature.offers(FORGET)
async def forget_person(ctx: Context, person: UserId) -> list[Line]:
    """Remove a person from polls. Votes in open polls are deleted; the totals of ended polls stay.

    Returns lines that say what was removed.
    """
    count = await vote_removal.forget_person(ctx.db, person)
    await assembly_store.forget_person(ctx.db, person)
    said = [
        n_(
            "{count} vote (of what has ended the total stays, without your name)",
            "{count} votes (of what has ended the totals stay, without your name)",
            count,
        )
    ]
    return [*(said if count else []), *await _forget_voter(ctx, person)]


async def _forget_voter(ctx: Context, person: UserId) -> list[Line]:
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


async def vote_lines(ctx: Context, person: UserId) -> list[Line]:
    """Return lines with a person's votes that count, without secret ones."""
    found: list[Line] = []
    for number, parts in await vote_store.votes_of_person(ctx.db, person):
        poll = await poll_store.get_poll(ctx.db, number)
        chosen = tuple(
            line for ballot, _weight in parts for line in poll.kind.chosen(ballot, poll.question)
        )
        question = texts.short_question(poll.title)
        found.append(
            _(
                "Poll {number}, “{question}”: {chosen}",
                number=number,
                question=question,
                chosen=chosen,
            )
        )
    return found


async def role_lines(ctx: Context, person: UserId) -> list[Line]:
    """Return lines with assembly counts the person took part in, organisations they speak for, and
    polls in which they may vote."""
    counted = [
        _("Poll {number}: you wrote down or confirmed the count of an assembly.", number=number)
        for number in await assembly_store.polls_of_person(ctx.db, person)
    ]
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
    return [*counted, *spoken, *rolls]
