"""The opening of a secret ballot: its terms are fixed, signed and posted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.api import (
    YES_NO,
    Context,
    EventId,
    Line,
    MessageRef,
    Number,
    RoomId,
    SendFile,
    UserError,
    UserId,
    _,
    items,
    n_,
    outsiders,
)
from commands.ballot_secrecy import (
    ballot_store,
    ballot_texts,
    ballot_votes,
)
from commands.ballot_secrecy.declaration import file_name
from commands.ballot_secrecy.files.formats import MOST_UNITS, format_weights
from commands.ballot_secrecy.files.manifest import BallotTerms
from commands.decision_rules.ballots import FEWEST_VOTES
from commands.poll_book import poll_store, voter_store
from commands.poll_book.poll import Poll
from commands.poll_book.voter_store import Voter
from storage.database import Tx

COMPARED_FOR = timedelta(days=30)
"""How long after the end of a secret vote the next one's roll is compared with it."""


_OTHERWISE = _("For the people of this room, add `voters:people`; openly: without `secret`.")


def require_hidden_voters(voters: Sequence[Voter]) -> None:
    """Raise `UserError` unless so many people vote with each weight that no vote shows who cast it.

    Of organisations it is as many different people who speak for them: who speaks for four of five
    knows how the fifth voted.
    """
    if not any(voter.is_organisation for voter in voters):
        if len(voters) < FEWEST_VOTES:
            raise too_few_voters_error(len(voters))
        return
    speakers: dict[int, set[UserId]] = {voter.weight: set() for voter in voters}
    for voter in voters:
        person = voter.delegate or voter.alternate
        if person is not None:
            speakers[voter.weight].add(person)
    fewest = min(speakers, key=lambda weight: (len(speakers[weight]), weight))
    if len(speakers[fewest]) < FEWEST_VOTES:
        alone = fewest if len(speakers) > 1 else None
        raise too_few_error(len(speakers[fewest]), alone)
    together = sum(voter.weight for voter in voters)
    if together > MOST_UNITS:
        raise too_heavy_error(together)


async def confirm_similar_roll(ctx: Context, room: RoomId, voters: Sequence[Voter]) -> None:
    """Ask before opening a secret ballot whose roll differs by one voter from a recent one in the
    room.

    Comparing the two results could reveal that vote; another weight makes another voter. Raises
    `UserError` if the answer is not yes.
    """
    others = await ballot_store.ballots_since(ctx.db, room, ctx.said_at - COMPARED_FOR)
    roll = {(voter.key, voter.weight) for voter in voters}
    organisations = voters[0].is_organisation
    for ballot in others:
        if ballot.manifest.by_organisations is not organisations:
            continue
        keys = [key for _leaf, key in await ballot_store.list_roll(ctx.db, ballot.number)]
        before = await voter_store.roll_page(ctx.db, ballot.number, len(keys))
        weights = {voter.key: voter.weight for voter in before}
        known = [(key, weights.get(key, 1)) if key else None for key in keys]
        if not _is_almost(roll, known, ballot.manifest.roll_size):
            continue
        question = (
            similar_organisations_question(ballot.number)
            if organisations
            else similar_roll_question(ballot.number)
        )
        if ctx.ask("almost the same", YES_NO, *question) != "yes":
            raise UserError(_("I opened nothing."))
        return


def _is_almost(
    roll: set[tuple[str, int]], known: Sequence[tuple[str, int] | None], size: int
) -> bool:
    """Return whether two rolls differ by one voter, gone, new or exchanged.

    A forgotten person counts as gone. Of a shredded roll only the size is known.
    """
    if not known:
        return abs(size - len(roll)) == 1
    named = {voter for voter in known if voter is not None}
    gone, come = len(known) - len(named & roll), len(roll - named)
    return gone + come > 0 and gone <= 1 and come <= 1


async def sign_opening(ctx: Context, number: Number, voters: Sequence[Voter]) -> None:
    """Sign a secret ballot's question, rule and roll, and store the ballot."""
    poll = await poll_store.get_poll(ctx.db, number)
    terms = BallotTerms(
        poll.kind,
        poll.question,
        ctx.defaults.network,
        poll.closes,
        quorum=poll.rule.quorum,
        organisations=voters[0].is_organisation,
        weights=format_weights(voter.weight for voter in voters),
    )
    await ballot_votes.open_ballot(ctx.db, ctx.signer, terms, voters, ctx.said_at)


async def opening_lines(tx: Tx, poll: Poll) -> tuple[Line, ...]:
    """Return the lines of the message that opens a secret ballot, made of what was stored.

    Raises `LookupError` if no secret ballot was opened for this poll.
    """
    ballot = await ballot_store.get_ballot(tx, poll.number)
    if ballot is None:
        raise LookupError(poll.number)
    lines = ballot_texts.opening_message(poll, ballot.manifest)
    item = await items.get(tx, poll.number)
    return (*lines, *await outsiders.bridge_lines(tx, item.room)) if item else lines


async def manifest_file(ctx: Context, poll: Poll, room: RoomId, thread: EventId | None) -> SendFile:
    """Return the effect that sends the signed terms of a secret ballot to a room as a JSON file, by
    which anybody can check the result later. Raises `LookupError` if the poll has no secret
    ballot."""
    ballot = await ballot_store.get_ballot(ctx.db, poll.number)
    if ballot is None:
        raise LookupError(poll.number)
    language = (await ctx.policy_of_room(room)).language
    return SendFile(
        file_name(ballot_texts.OPENING, poll.number, language),
        "application/json",
        ballot.manifest.to_json().encode(),
        (_("To check the result later, keep this file."),),
        room=room,
        reply_to=MessageRef(poll.number, "opening"),
        thread=thread,
        item=poll.number,
        slot="manifest",
    )


# --- what is said of a roll ----------------------------------------------------------------------


def too_few_voters_error(count: int) -> UserError:
    """Return the error for a secret ballot on whose roll too few people stand."""
    return UserError(
        n_(
            "A secret vote needs {fewest} people who can vote, and here is {count}: the result "
            "would tell who voted what.",
            "A secret vote needs {fewest} people who can vote, and here are {count}: the result "
            "would tell who voted what.",
            count,
            fewest=FEWEST_VOTES,
        ),
        _(
            "Wait until there are {fewest}, or ask it openly: the same without `secret`.",
            fewest=FEWEST_VOTES,
        ),
    )


def similar_roll_question(number: Number) -> tuple[Line, ...]:
    """Return the question whether to go on though another vote's roll differs by one person.

    Comparing the two results could reveal that person's vote.
    """
    return (
        _(
            "Secret vote {number} had the same voters, but for one person. Whoever compares"
            " the two "
            "results may learn how that person votes.",
            number=number,
        ),
        _("Open it all the same? `yes` or `no`"),
    )


def too_few_error(count: int, weight: int | None) -> UserError:
    """Return the error for a secret ballot in which too few have a weight, or too few people speak
    for the organisations.

    `count`: how many different people speak for those of the weight. `weight` is None where all
    have the same.
    """
    if weight is None:
        first = n_(
            "A secret vote of organisations needs {fewest} delegates; here is {count}.",
            "A secret vote of organisations needs {fewest} different delegates; here are {count}.",
            count,
            fewest=FEWEST_VOTES,
        )
        return UserError(first, _OTHERWISE)
    return UserError(
        n_(
            "With the weight {weight} {count} delegate would vote: the counts would tell how.",
            "With the weight {weight} {count} delegates would vote: the counts would tell how.",
            count,
            weight=weight,
        ),
        _(
            "In a secret vote each weight is that of {fewest} organisations or more, each with a"
            " delegate of its own.",
            fewest=FEWEST_VOTES,
        ),
        _OTHERWISE,
    )


def too_heavy_error(together: int) -> UserError:
    """Return the error for weights that would make too many single votes in a secret ballot."""
    return UserError(
        _(
            "Together the weights are {together}: in a secret vote up to {most}, each one a line.",
            together=together,
            most=MOST_UNITS,
        ),
        _("Divide all weights by the same number: `!voters import`"),
    )


def similar_organisations_question(number: Number) -> tuple[Line, ...]:
    """Return the question whether to go on though another vote's roll differs by one organisation
    or weight."""
    return (
        _(
            "Secret vote {number} had the same organisations, but for one or for its weight.",
            number=number,
        ),
        _("Whoever compares the two results may learn how it votes."),
        _("Open it all the same? `yes` or `no`"),
    )
