"""Secret ballots in the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from bot.api import Number, RoomId, StrictModel, UserId
from commands.ballot_secrecy.ballot_box import BallotBox
from commands.ballot_secrecy.files import log_chain
from commands.ballot_secrecy.files.log_chain import LogKind, LogRow
from commands.ballot_secrecy.files.manifest import Manifest
from commands.ballot_secrecy.files.receipt import Receipt
from commands.poll_book import vote_store
from storage.database import Tx


class BallotOver(Exception):
    """The ballot has ended: no vote can be cast, changed or withdrawn."""


class NotOnRoll(Exception):
    """The person was not on the roll at the opening."""


FORGOTTEN = "gone"
LINK_TABLES = (
    "ballot_secrecy_key",
    "ballot_secrecy_vote",
    "ballot_secrecy_roll",
    "ballot_secrecy_change",
)
"""The tables that link voters to votes. Shredding empties them."""
MOST_EXTENSIONS = 20


class SealedVote(StrictModel):
    """The sealed record of one voter's vote."""

    receipt: Receipt
    reason: str = ""
    by: str = ""
    """Who cast it for an organisation; `FORGOTTEN` if that person is forgotten."""
    rank: int = 0
    """0 for its delegate, 1 for its alternate, whose vote the delegate's replaces."""

    def is_of(self, person: UserId) -> bool:
        """Return whether this person cast the vote, and so may read it, as nobody else may."""
        return self.by in ("", person)


@dataclass(frozen=True, slots=True)
class SecretBallot:
    """One secret ballot as it stands."""

    number: Number
    manifest: Manifest
    closes: datetime | None
    ended: datetime | None
    box: BallotBox | None
    """None once it is shredded."""

    def over(self, at: datetime) -> bool:
        """Return whether a vote sent at `at` (UTC) is too late for the ballot."""
        return self.ended is not None or (self.closes is not None and at > self.closes)


async def get_ballot(tx: Tx, number: Number) -> SecretBallot | None:
    """Return the secret ballot of this item, or None if it is not one."""
    row = await tx.one(
        "SELECT s.*, k.key FROM ballot_secrecy_ballot s LEFT JOIN ballot_secrecy_key k USING"
        " (number)"
        " WHERE s.number = ?",
        number,
    )
    if row is None:
        return None
    box = BallotBox(number, bytes(row["key"])) if row["key"] is not None else None
    found = Manifest.model_validate_json(row["manifest"])
    closes, ended = _time(row["closes"]), _time(row["ended"])
    return SecretBallot(number, found, closes, ended, box)


async def ballots_since(tx: Tx, room: RoomId, when: datetime) -> list[SecretBallot]:
    """Return the room's secret ballots that are open or ended after `when` (UTC).

    Cancelled ones are left out.
    """
    rows = await tx.all(
        "SELECT s.number FROM ballot_secrecy_ballot s JOIN item USING (number)"
        " JOIN poll_book_poll p USING (number)"
        " WHERE item.room = ? AND NOT p.cancelled AND (s.ended IS NULL OR s.ended > ?)"
        " ORDER BY s.number DESC",
        room,
        when.timestamp(),
    )
    found = [await get_ballot(tx, Number(row["number"])) for row in rows]
    return [ballot for ballot in found if ballot is not None]


async def running_ballot(tx: Tx, number: Number, at: datetime) -> tuple[SecretBallot, BallotBox]:
    """Return an open secret ballot and the box of its votes. Raises `LookupError` or
    `BallotOver`."""
    ballot = await get_ballot(tx, number)
    if ballot is None:
        raise LookupError(number)
    if ballot.over(at) or ballot.box is None:
        raise BallotOver
    return ballot, ballot.box


async def get_sealed(tx: Tx, box: BallotBox, mark: bytes) -> bytes | None:
    """Return the encrypted vote under this mark, or None. A mark stands for one voter in one
    ballot, and only the ballot's key tells for whom."""
    row = await tx.one(
        "SELECT sealed FROM ballot_secrecy_vote WHERE number = ? AND mark = ?", box.number, mark
    )
    return bytes(row["sealed"]) if row else None


async def get_vote(tx: Tx, box: BallotBox, mark: bytes) -> SealedVote | None:
    """Return the decrypted vote under this voter's mark, or None."""
    found = await get_sealed(tx, box, mark)
    return SealedVote.model_validate_json(box.unseal(mark, found)) if found else None


async def put_vote(tx: Tx, box: BallotBox, mark: bytes, kept: SealedVote) -> None:
    """Store a vote, encrypted, under a voter's mark that has none yet."""
    await tx.run(
        "INSERT INTO ballot_secrecy_vote VALUES (?, ?, ?)",
        box.number,
        mark,
        box.seal(mark, kept.to_json()),
    )
    await vote_store.shift_turnout(tx, Number(box.number), 1)


async def replace_sealed(tx: Tx, box: BallotBox, mark: bytes, kept: SealedVote) -> None:
    """Encrypt the vote under this voter's mark anew, with other content. It counts as before."""
    await tx.run(
        "UPDATE ballot_secrecy_vote SET sealed = ? WHERE number = ? AND mark = ?",
        box.seal(mark, kept.to_json()),
        box.number,
        mark,
    )


async def drop_vote(
    tx: Tx, ballot: SecretBallot, box: BallotBox, mark: bytes, at: datetime, kind: LogKind
) -> bool:
    """Delete a vote that was replaced or withdrawn. Returns whether there was one.

    This is the only place where a cast vote is removed while the ballot is open.
    """
    old = await get_vote(tx, box, mark)
    if old is None:
        return False
    await add_row(tx, ballot.number, ballot.manifest.poll, at, kind, old.receipt.commitment)
    await unlink_vote(tx, box, mark)
    await vote_store.shift_turnout(tx, Number(box.number), -1)
    return True


async def count_extensions(tx: Tx, number: Number) -> int:
    """Return how often the end of a secret ballot was put off."""
    query = "SELECT count(*) AS n FROM ballot_secrecy_log WHERE number = ? AND kind = 'extended'"
    return await tx.count(query, number)


async def unlink_vote(tx: Tx, box: BallotBox, mark: bytes) -> None:
    """Delete the stored vote of one voter, so that nobody can tell who cast it. What the tally
    counted stays counted. A mark stands for one voter in one ballot (`get_sealed`)."""
    await tx.run("DELETE FROM ballot_secrecy_vote WHERE number = ? AND mark = ?", box.number, mark)


async def list_votes(tx: Tx, box: BallotBox) -> list[tuple[bytes, SealedVote]]:
    """Return the mark and the decrypted vote of everybody who voted in a secret ballot."""
    rows = await tx.all("SELECT * FROM ballot_secrecy_vote WHERE number = ?", box.number)
    marks = ((bytes(row["mark"]), bytes(row["sealed"])) for row in rows)
    return [(m, SealedVote.model_validate_json(box.unseal(m, sealed))) for m, sealed in marks]


async def is_on_roll(tx: Tx, number: Number, voter: str) -> bool:
    """Return whether the voter of this key is on the roll of the secret ballot."""
    return await tx.exists(
        "SELECT 1 FROM ballot_secrecy_roll WHERE person = ? AND number = ?", voter, number
    )


async def who_voted(tx: Tx, number: Number, voters: Iterable[str]) -> set[str]:
    """Return which of these voters, by key, voted. Only for reminders; never shown to anybody."""
    ballot = await get_ballot(tx, number)
    if ballot is None or ballot.box is None:
        return set()
    box = ballot.box
    return {one for one in voters if await get_sealed(tx, box, box.mark(one)) is not None}


async def list_roll(tx: Tx, number: Number) -> list[tuple[bytes, UserId | None]]:
    """Return the tree leaf and the key of everybody on a secret ballot's roll, sorted by leaf as in
    the tree."""
    rows = await tx.all("SELECT * FROM ballot_secrecy_roll WHERE number = ? ORDER BY leaf", number)
    return [(bytes(row["leaf"]), row["person"]) for row in rows]


async def list_named_voters(
    tx: Tx, box: BallotBox, marks: set[bytes]
) -> list[tuple[str, str, UserId]]:
    """Return the leaf (hex), salt (hex) and user id of those who voted.

    `marks` are the marks of all votes of the ballot. Sorted by leaf.
    """
    known = [(leaf, p) for leaf, p in await list_roll(tx, Number(box.number)) if p is not None]
    return [(leaf.hex(), box.salt(p), p) for leaf, p in known if box.mark(p) in marks]


async def list_log(tx: Tx, number: Number) -> list[LogRow]:
    """Return the rows of a secret ballot's log in order."""
    rows = await tx.all("SELECT * FROM ballot_secrecy_log WHERE number = ? ORDER BY seq", number)
    return [_row(row) for row in rows]


def _row(row: Any) -> LogRow:
    kind = cast("LogKind", row["kind"])
    if not row["salt"]:
        return row["at"], kind, row["what"]
    return row["at"], kind, row["what"], row["salt"]


async def last_row(tx: Tx, number: Number, poll: str) -> tuple[int, str]:
    """Return the number and hash of the last row of a secret ballot's log; 0 and the empty chain's
    hash if there is none."""
    row = await tx.one(
        "SELECT seq, head FROM ballot_secrecy_log WHERE number = ? ORDER BY seq DESC LIMIT 1",
        number,
    )
    return (row["seq"], row["head"]) if row else (0, log_chain.empty_head(poll))


async def add_row(tx: Tx, number: Number, poll: str, at: datetime, kind: LogKind, what: str) -> str:
    """Append a row to a secret ballot's log. Return the new hash at the end of its chain."""
    before, found = await last_row(tx, number, poll)
    entry = log_chain.make_row(at.timestamp(), kind, what)
    made = log_chain.head_after(found, before + 1, entry)
    await tx.run(
        "INSERT INTO ballot_secrecy_log (number, seq, at, kind, what, salt, head)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        number,
        before + 1,
        *entry,
        made,
    )
    return made


def _time(value: Any) -> datetime | None:
    return None if value is None else datetime.fromtimestamp(value, UTC)
