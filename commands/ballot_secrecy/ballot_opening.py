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
    outsiders,
)
from commands.ballot_secrecy import ballot_store, ballot_texts, ballot_votes
from commands.ballot_secrecy.files.manifest import BallotTerms
from commands.ballot_secrecy.private_votes import file_name
from commands.decision_rules.ballots import FEWEST_VOTES
from commands.poll_book import poll_store
from commands.poll_book.poll_store import Poll
from commands.poll_book.voter_store import Voter
from storage.database import Tx

COMPARED_FOR = timedelta(days=30)
"""How long after the end of a secret vote the next one's roll is compared with it."""


def require_enough_people(voters: Sequence[Voter]) -> None:
    """Raise `UserError` unless the voters are enough people with one vote each."""
    if any(voter.is_organisation or voter.weight != 1 for voter in voters):
        raise ballot_texts.people_only_error()
    if len(voters) < FEWEST_VOTES:
        raise ballot_texts.too_few_voters_error(len(voters))


async def confirm_similar_roll(ctx: Context, room: RoomId, voters: Sequence[Voter]) -> None:
    """Ask before opening a vote whose roll differs by one person from a recent one in the room.

    Comparing the two results could reveal that person's vote. Raises `UserError` if the answer is
    not yes.
    """
    others = await ballot_store.ballots_since(ctx.db, room, ctx.said_at - COMPARED_FOR)
    people = {UserId(voter.key) for voter in voters}
    for ballot in others:
        known = [person for _leaf, person in await ballot_store.list_roll(ctx.db, ballot.number)]
        if not _is_almost(people, known, ballot.manifest.roll_size):
            continue
        if (
            ctx.ask("almost the same", YES_NO, *ballot_texts.similar_roll_question(ballot.number))
            != "yes"
        ):
            raise UserError(_("I opened nothing."))
        return


def _is_almost(people: set[UserId], known: Sequence[UserId | None], size: int) -> bool:
    """Return whether two rolls differ by one person, gone, new or exchanged.

    A forgotten person counts as gone. Of a shredded roll only the size is known.
    """
    if not known:
        return abs(size - len(people)) == 1
    named = {person for person in known if person is not None}
    gone, come = len(known) - len(named & people), len(people - named)
    return gone + come > 0 and gone <= 1 and come <= 1


async def sign_opening(ctx: Context, number: Number, voters: Sequence[Voter]) -> None:
    """Sign the question, its rule and the roll, and store the ballot."""
    poll = await poll_store.get_poll(ctx.db, number)
    terms = BallotTerms(
        poll.kind, poll.question, ctx.defaults.network, poll.closes, quorum=poll.rule.quorum
    )
    roll = [UserId(voter.key) for voter in voters]
    await ballot_votes.open_ballot(ctx.db, ctx.signer, terms, roll, ctx.said_at)


async def opening_lines(tx: Tx, poll: Poll) -> tuple[Line, ...]:
    """Return the opening message of a secret ballot.

    Raises `LookupError` if it was not opened.
    """
    ballot = await ballot_store.get_ballot(tx, poll.number)
    if ballot is None:
        raise LookupError(poll.number)
    lines = ballot_texts.opening_message(poll, ballot.manifest)
    item = await items.get(tx, poll.number)
    return (*lines, *await outsiders.bridge_lines(tx, item.room)) if item else lines


async def manifest_file(ctx: Context, poll: Poll, room: RoomId, thread: EventId | None) -> SendFile:
    """Return the manifest of a secret ballot as a file, for those who want to check.

    Raises `LookupError` if it was not opened.
    """
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
