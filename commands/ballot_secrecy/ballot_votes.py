"""A secret ballot while it is open: open it, vote, extend it, and show a voter their own vote."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from bot.api import Number, Signer, UserId
from commands.ballot_secrecy import ballot_store
from commands.ballot_secrecy.ballot_box import BallotBox
from commands.ballot_secrecy.ballot_store import NotOnRoll, SealedVote
from commands.ballot_secrecy.files import receipt as receipt_file
from commands.ballot_secrecy.files import signed_outcome
from commands.ballot_secrecy.files.log_chain import LogHead
from commands.ballot_secrecy.files.manifest import (
    BallotTerms,
    Manifest,
    RollProof,
    make_roll_proof,
    roll_leaf,
    sign_manifest,
)
from commands.ballot_secrecy.files.receipt import Receipt
from storage.database import Tx


async def open_ballot(
    tx: Tx, signer: Signer, terms: BallotTerms, roll: Sequence[UserId], at: datetime
) -> Manifest:
    """Fix the terms and the roll. Post the returned manifest in the room at once."""
    number, poll = terms.question.number, secrets.token_hex(16)
    box = BallotBox.new(number)
    leaves = sorted((roll_leaf(poll, box.salt(person), person), person) for person in set(roll))
    made = sign_manifest(
        terms, poll=poll, roll=[leaf for leaf, _ in leaves], opens=at, signer=signer
    )
    closes = terms.closes.timestamp() if terms.closes else None
    await tx.run(
        "INSERT INTO ballot_secrecy_ballot (number, manifest, closes) VALUES (?, ?, ?)",
        number,
        made.to_json(),
        closes,
    )
    await tx.run("INSERT INTO ballot_secrecy_key VALUES (?, ?)", number, box.key)
    await tx.many(
        "INSERT INTO ballot_secrecy_roll VALUES (?, ?, ?)",
        [(number, leaf, person) for leaf, person in leaves],
    )
    await ballot_store.add_row(tx, number, poll, at, "opened", made.hash)
    return made


async def cast_vote(
    tx: Tx,
    signer: Signer,
    number: Number,
    voter: UserId,
    choice: str,
    words: str,
    at: datetime,
    *,
    reason: str = "",
) -> Receipt:
    """Cast a vote, in place of the voter's earlier one. Returns its receipt.

    `at` is the time of the message. Raises `BallotOver`, `NotOnRoll` and `TooManyChanges`;
    `ValueError` for a ballot that the rule forbids.
    """
    ballot, box = await ballot_store.running_ballot(tx, number, at)
    if not await ballot_store.is_on_roll(tx, number, voter):
        raise NotOnRoll
    signed_outcome.require_allowed(ballot.manifest, choice)
    poll, mark = ballot.manifest.poll, box.mark(voter)
    await ballot_store.count_change(tx, box, mark, at)
    await ballot_store.drop_vote(tx, ballot, box, mark, at, "replaced")
    words, secret = receipt_file.normalise_words(words), secrets.token_hex(16)
    found = receipt_file.make_tracker(poll, words, secret)
    mine = receipt_file.make_commitment(poll, found, choice, secret)
    head = await ballot_store.add_row(tx, number, poll, at, "accepted", mine)
    made = Receipt(
        poll=poll,
        manifest=ballot.manifest.hash,
        words=words,
        secret=secret,
        tracker=found,
        choice=choice,
        at=int(at.timestamp()),
        head=head,
    ).sign(signer)
    await ballot_store.put_vote(tx, box, mark, SealedVote(receipt=made, reason=reason))
    return made


async def withdraw_vote(tx: Tx, number: Number, voter: UserId, at: datetime) -> bool:
    """Withdraw a vote. Returns whether there was one.

    Raises `BallotOver` and `TooManyChanges`.
    """
    ballot, box = await ballot_store.running_ballot(tx, number, at)
    mark = box.mark(voter)
    if await ballot_store.get_sealed(tx, box, mark) is None:
        return False
    await ballot_store.count_change(tx, box, mark, at)
    return await ballot_store.drop_vote(tx, ballot, box, mark, at, "withdrawn")


async def is_slowed(tx: Tx, number: Number, voter: UserId, at: datetime) -> bool:
    """Return whether this voter can make only one change an hour. Raises `BallotOver`."""
    _ballot, box = await ballot_store.running_ballot(tx, number, at)
    return await ballot_store.is_slowed(tx, box, box.mark(voter))


async def log_refusal(tx: Tx, number: Number, voter: UserId, why: str, at: datetime) -> None:
    """Log that a vote was refused. The result counts refusals by reason (one word each).

    Of one person only so many are logged, to keep the file small. Raises `BallotOver`.
    """
    ballot, box = await ballot_store.running_ballot(tx, number, at)
    if not await ballot_store.count_refusal(tx, box, box.mark(voter)):
        return
    await ballot_store.add_row(tx, number, ballot.manifest.poll, at, "refused", why)


async def extend_ballot(tx: Tx, number: Number, closes: datetime, at: datetime) -> None:
    """Move the end of an open secret ballot to `closes` (UTC). Raises `BallotOver`."""
    ballot, _box = await ballot_store.running_ballot(tx, number, at)
    await tx.run(
        "UPDATE ballot_secrecy_ballot SET closes = ? WHERE number = ?", closes.timestamp(), number
    )
    until = str(int(closes.timestamp()))
    await ballot_store.add_row(tx, number, ballot.manifest.poll, at, "extended", until)


async def own_receipt(tx: Tx, number: Number, voter: UserId) -> Receipt | None:
    """Return a voter's own receipt, or None after shredding.

    This is the only place where a cast vote is read back to its voter.
    """
    ballot = await ballot_store.get_ballot(tx, number)
    if ballot is None or ballot.box is None:
        return None
    kept = await ballot_store.get_vote(tx, ballot.box, ballot.box.mark(voter))
    return kept.receipt if kept else None


async def ballots_of_person(tx: Tx, person: UserId) -> list[Number]:
    """Return the ballots on whose roll the person still is.

    What they voted is shown only by `own_receipt`.
    """
    query = "SELECT number FROM ballot_secrecy_roll WHERE person = ? ORDER BY number"
    return [Number(row["number"]) for row in await tx.all(query, person)]


async def prove_roll(tx: Tx, number: Number, person: UserId) -> RollProof | None:
    """Return a proof that a person is on the roll, or None, also after shredding."""
    ballot = await ballot_store.get_ballot(tx, number)
    if (
        ballot is None
        or ballot.box is None
        or not await ballot_store.is_on_roll(tx, number, person)
    ):
        return None
    leaves = [leaf for leaf, _person in await ballot_store.list_roll(tx, number)]
    poll, salt = ballot.manifest.poll, ballot.box.salt(person)
    index = leaves.index(roll_leaf(poll, salt, person))
    return make_roll_proof(leaves, index, poll=poll, person=person, salt=salt)


async def sign_head(tx: Tx, signer: Signer, number: Number, at: datetime) -> LogHead | None:
    """Return the signed head of a secret ballot's log, or None if there is no such ballot."""
    ballot = await ballot_store.get_ballot(tx, number)
    if ballot is None:
        return None
    rows, found = await ballot_store.last_row(tx, number, ballot.manifest.poll)
    return LogHead(
        poll=ballot.manifest.poll,
        manifest=ballot.manifest.hash,
        rows=rows,
        head=found,
        at=int(at.timestamp()),
    ).sign(signer)
