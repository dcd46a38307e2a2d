"""A secret ballot while it is open: open it, vote, extend it, and show a voter their own vote."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.api import Number, Signer, UserId
from commands.ballot_secrecy import ballot_store
from commands.ballot_secrecy.ballot_box import BallotBox
from commands.ballot_secrecy.ballot_store import NotOnRoll, SealedVote
from commands.ballot_secrecy.files import receipt as receipt_file
from commands.ballot_secrecy.files import signed_outcome
from commands.ballot_secrecy.files.manifest import (
    BallotTerms,
    Manifest,
    RollProof,
    make_roll_proof,
    roll_leaf,
    sign_manifest,
)
from commands.ballot_secrecy.files.receipt import Receipt
from commands.poll_book.voter_store import Voter
from storage.database import Tx

MOST_CHANGES = 20
"""How often a vote can be changed freely. After that one change counts in each `PAUSE`."""
CHANGE_PAUSE = timedelta(hours=1)
MOST_REFUSED = 20
"""How many refused votes of one person the log records."""


class TooManyChanges(Exception):
    """The vote was changed so often in a short time that the file would grow too large."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


async def open_ballot(
    tx: Tx, signer: Signer, terms: BallotTerms, roll: Sequence[Voter], at: datetime
) -> Manifest:
    """Store a secret ballot with its terms and roll, and return the signed terms to be posted in
    the room at once."""
    number, poll = terms.question.number, secrets.token_hex(16)
    box = BallotBox.new(number)
    leaves = sorted((_leaf(poll, box, voter), voter.key) for voter in set(roll))
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
        [(number, leaf, key) for leaf, key in leaves],
    )
    await ballot_store.add_row(tx, number, poll, at, "opened", made.hash)
    return made


def _leaf(poll: str, box: BallotBox, voter: Voter) -> bytes:
    if voter.is_organisation:
        return roll_leaf(poll, box.salt(voter.key), voter.name, voter.weight)
    return roll_leaf(poll, box.salt(voter.key), voter.key)


async def cast_vote(
    tx: Tx,
    signer: Signer,
    number: Number,
    voter: str,
    choice: str,
    words: str,
    at: datetime,
    *,
    reason: str = "",
    weight: int = 1,
    by: str = "",
    rank: int = 0,
) -> Receipt:
    """Store a secret vote, in place of the voter's earlier one. Returns its receipt. Raises
    `BallotOver`, `NotOnRoll` and `TooManyChanges`; `ValueError` for a ballot that the rule forbids.

    `voter` is the key on the roll, `words` are the voter's own for the receipt, `at` is the
    message's time. For an organisation: `weight` is its units, `by` who casts the vote, `rank` 0
    its delegate, 1 its alternate.
    """
    ballot, box = await ballot_store.running_ballot(tx, number, at)
    if not await ballot_store.is_on_roll(tx, number, voter):
        raise NotOnRoll
    signed_outcome.require_allowed(ballot.manifest, choice)
    poll, mark = ballot.manifest.poll, box.mark(voter)
    await count_change(tx, box, mark, at)
    await ballot_store.drop_vote(tx, ballot, box, mark, at, "replaced")
    words, secret = receipt_file.normalise_words(words), secrets.token_hex(16)
    found = receipt_file.make_tracker(poll, words, secret)
    units = weight if "weights" in ballot.manifest.rule else None
    mine = receipt_file.make_commitment(poll, found, choice, secret, units)
    head = await ballot_store.add_row(tx, number, poll, at, "accepted", mine)
    made = Receipt(
        poll=poll,
        manifest=ballot.manifest.hash,
        words=words,
        secret=secret,
        tracker=found,
        units=units,
        choice=choice,
        at=int(at.timestamp()),
        head=head,
    ).sign(signer)
    kept = SealedVote(receipt=made, reason=reason, by=by, rank=rank)
    await ballot_store.put_vote(tx, box, mark, kept)
    return made


async def withdraw_vote(tx: Tx, number: Number, voter: str, at: datetime) -> bool:
    """Delete a voter's secret vote. Returns whether there was one.

    Raises `BallotOver` and `TooManyChanges`.
    """
    ballot, box = await ballot_store.running_ballot(tx, number, at)
    mark = box.mark(voter)
    if await ballot_store.get_sealed(tx, box, mark) is None:
        return False
    await count_change(tx, box, mark, at)
    return await ballot_store.drop_vote(tx, ballot, box, mark, at, "withdrawn")


async def is_slowed(tx: Tx, number: Number, voter: str, at: datetime) -> bool:
    """Return whether this voter can change their vote only once an hour. Raises `BallotOver`."""
    _ballot, box = await ballot_store.running_ballot(tx, number, at)
    return await _is_slowed(tx, box, box.mark(voter))


async def log_refusal(tx: Tx, number: Number, voter: str, why: str, at: datetime) -> None:
    """Write into a secret ballot's log that a vote was refused. The result counts refusals by
    reason (one word each).

    Of one voter only so many are logged, to keep the file small. Raises `BallotOver`.
    """
    ballot, box = await ballot_store.running_ballot(tx, number, at)
    if not await count_refusal(tx, box, box.mark(voter)):
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


async def own_vote(tx: Tx, number: Number, voter: str) -> SealedVote | None:
    """Return a voter's secret vote, or None if there is none or the record of whose it is was
    deleted.

    This is the only place where a cast vote is read back. Of an organisation only who cast it may
    see how (`SealedVote.is_of`), not who speaks for it later.
    """
    ballot = await ballot_store.get_ballot(tx, number)
    if ballot is None or ballot.box is None:
        return None
    return await ballot_store.get_vote(tx, ballot.box, ballot.box.mark(voter))


async def ballots_of_person(tx: Tx, person: UserId) -> list[Number]:
    """Return the numbers of the secret ballots whose roll of voters names this person.

    What they voted is shown only by `own_vote`.
    """
    query = "SELECT number FROM ballot_secrecy_roll WHERE person = ? ORDER BY number"
    return [Number(row["number"]) for row in await tx.all(query, person)]


async def prove_roll(tx: Tx, number: Number, voter: Voter) -> RollProof | None:
    """Return a proof that a voter is on a secret ballot's roll, or None: if they are not on it, or
    once the record of who voted for what is deleted."""
    ballot = await ballot_store.get_ballot(tx, number)
    if (
        ballot is None
        or ballot.box is None
        or not await ballot_store.is_on_roll(tx, number, voter.key)
    ):
        return None
    leaves = [leaf for leaf, _person in await ballot_store.list_roll(tx, number)]
    poll, box = ballot.manifest.poll, ballot.box
    organisation = voter.is_organisation
    return make_roll_proof(
        leaves,
        leaves.index(_leaf(poll, box, voter)),
        poll=poll,
        person=voter.name if organisation else voter.key,
        salt=box.salt(voter.key),
        weight=voter.weight if organisation else None,
    )


# --- how often a vote was changed ----------------------------------------------------------------


async def count_change(tx: Tx, box: BallotBox, mark: bytes, at: datetime) -> None:
    """Count one more vote, change or withdrawal of this voter. Raises `TooManyChanges`."""
    row = await tx.one(
        "SELECT casts, last FROM ballot_secrecy_change WHERE number = ? AND mark = ?",
        box.number,
        mark,
    )
    if row is not None and row["casts"] > MOST_CHANGES:
        until = datetime.fromtimestamp(row["last"], UTC) + CHANGE_PAUSE
        if at < until:
            raise TooManyChanges(until)
    await tx.run(
        "INSERT INTO ballot_secrecy_change (number, mark, casts, last) VALUES (?, ?, 1, ?)"
        " ON CONFLICT DO UPDATE SET casts = casts + 1, last = excluded.last",
        box.number,
        mark,
        at.timestamp(),
    )


async def _is_slowed(tx: Tx, box: BallotBox, mark: bytes) -> bool:
    """Return whether this voter can make only one change an hour from now on."""
    return await tx.exists(
        "SELECT 1 FROM ballot_secrecy_change WHERE number = ? AND mark = ? AND casts > ?",
        box.number,
        mark,
        MOST_CHANGES,
    )


async def count_refusal(tx: Tx, box: BallotBox, mark: bytes) -> bool:
    """Count one more refused vote of this voter. Returns whether the log still records it."""
    await tx.run(
        "INSERT INTO ballot_secrecy_change (number, mark, refused) VALUES (?, ?, 1)"
        " ON CONFLICT DO UPDATE SET refused = refused + 1",
        box.number,
        mark,
    )
    row = await tx.one(
        "SELECT refused FROM ballot_secrecy_change WHERE number = ? AND mark = ?", box.number, mark
    )
    return row is not None and row["refused"] <= MOST_REFUSED


async def forget_changes(tx: Tx, box: BallotBox, mark: bytes) -> None:
    """Delete the count of how often a voter changed their vote."""
    await tx.run(
        "DELETE FROM ballot_secrecy_change WHERE number = ? AND mark = ?", box.number, mark
    )
