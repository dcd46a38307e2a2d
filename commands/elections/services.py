"""Services of elections: what is pending, cancelling, a person's data, who leaves."""

from __future__ import annotations

from collections.abc import Mapping

from bot.api import (
    BEING_DECIDED,
    CANCEL,
    EXPORT_PERSON,
    FORGET,
    PENDING_OF_KIND,
    Answer,
    Context,
    Item,
    Line,
    MembershipChanged,
    Moment,
    Number,
    RoomId,
    Say,
    UserError,
    UserId,
    _,
    has_left,
    items,
    n_,
)
from commands.elections import election_store
from commands.elections.candidacy import withdrawn_effects
from commands.elections.declaration import OPENS_JOB, feature
from commands.elections.election_commands import ended_line
from commands.poll_book import poll_store
from commands.poll_book.extensions import BALLOT_PEOPLE

feature.rows(
    "elections_candidate",
    person="person",
    says=n_("{count} candidacy of yours", "{count} candidacies of yours", 0),
)


@feature.offers(PENDING_OF_KIND.of("election"))
async def list_elections(ctx: Context, room: RoomId) -> list[Line]:
    """Return lines with the elections of a room in which people can still become candidates."""
    found: list[Line] = []
    for number in await election_store.waiting_elections(ctx.db, room):
        one, item = (
            await election_store.get_election(ctx.db, number),
            await items.get(ctx.db, number),
        )
        if one is not None and item is not None:
            found.append(
                _(
                    "Election {number}: {title} (candidacies until {moment})",
                    number=number,
                    title=item.title,
                    moment=Moment(one.stands_until),
                )
            )
    return found


@feature.offers(BEING_DECIDED)
async def elections_being_decided(ctx: Context, room: RoomId) -> list[Item]:
    """Return a room's open elections: those whose vote has not begun, so that people can still
    stand."""
    return await items.open_in(ctx.db, room, "election")


@feature.offers(CANCEL.of("election"))
async def cancel_election(ctx: Context, item: Item) -> Answer:
    """Cancel an election before its vote opens, after a confirmation. Return what to say, if
    anything. Raises `UserError` once candidacies are closed, for a person who may not, and for a
    no."""
    one = await election_store.get_election(ctx.db, item.number)
    if one is None or one.poll is not None or not item.open:
        number = one.poll if one and one.poll else item.number
        raise UserError(
            _("Its candidacies are closed. The vote: `!results {number}`", number=number)
        )
    if not await ctx.may_change(item):
        raise UserError(_("You can't cancel it: that is for its author or the moderators."))
    ctx.confirm(ended_line(item, _("it is cancelled.")), final=True)
    await ctx.cancel_jobs(item.number, OPENS_JOB)
    await items.close(ctx.db, item.number)
    told = ended_line(item, _("it is cancelled."))
    said = Say((told,), room=item.room, loud=True, item=item.number)
    return said if item.room == ctx.room else [told, said]


@feature.on(MembershipChanged)
async def withdraw_departed(ctx: Context, what: MembershipChanged) -> Answer:
    """Delete the candidacies of a person who left the room, or was removed. Return what to say, if
    anything."""
    if not await has_left(ctx, what):
        return None
    told: list[Say] = []
    for number in await election_store.elections_of(ctx.db, what.user):
        item = await items.get(ctx.db, number)
        if item is not None and item.room == what.room:
            told += await _withdraw(ctx, item, what.user)
    return [*told]


async def _withdraw(ctx: Context, item: Item, person: UserId) -> list[Say]:
    one = await election_store.get_election(ctx.db, item.number)
    gone = await election_store.get_candidate(ctx.db, item.number, person)
    if one is None or gone is None:
        return []
    if one.poll is None:
        await election_store.drop_candidate(ctx.db, one.item, person)
        return []
    poll = await poll_store.get_poll(ctx.db, one.poll)
    if poll.over(ctx.said_at):
        return []
    if not await poll_store.withdraw_option(ctx.db, one.poll, gone.place or 0):
        return []
    return withdrawn_effects(one, item, gone)


@feature.offers(FORGET)
async def forget_person(ctx: Context, person: UserId) -> list[Line]:
    """Delete the person's candidacies in elections that are not over; the rows go by themselves.
    Return lines that say what was deleted."""
    for number in await election_store.elections_of(ctx.db, person):
        item = await items.get(ctx.db, number)
        if item is not None:
            await _withdraw(ctx, item, person)
    return []


@feature.offers(EXPORT_PERSON)
async def export_person(ctx: Context, person: UserId) -> list[Line]:
    """Return lines with the elections in which a person is a candidate, with their words."""
    found: list[Line] = []
    for number in await election_store.elections_of(ctx.db, person):
        one = await election_store.get_candidate(ctx.db, number, person)
        if one is not None:
            found.append(
                _("Election {number}: you stand. “{words}”", number=number, words=one.words)
                if one.accepted
                else _("Election {number}: you were proposed.", number=number)
            )
    return found


@feature.offers(BALLOT_PEOPLE)
async def people_on_ballot(ctx: Context, poll: Number) -> Mapping[int, UserId]:
    """Return the candidates of the election whose vote this poll is, by place; none if it is no
    election."""
    one = await election_store.get_election_of_poll(ctx.db, poll)
    if one is None:
        return {}
    found = await election_store.list_candidates(ctx.db, one.item)
    return {who.place: who.person for who in found if who.place is not None}
