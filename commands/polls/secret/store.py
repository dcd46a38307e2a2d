"""Secret ballots in the database: what is kept of one, and how it is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from bot.api import Number, RoomId, Table, UserId
from commands.polls.secret import chain
from commands.polls.secret.chain import Kind, Row
from commands.polls.secret.manifest import Manifest
from commands.polls.secret.receipt import Receipt
from commands.polls.secret.sealing import Box
from storage.database import Tx


class Over(Exception):
    """The ballot has ended: no vote can be taken, changed or withdrawn."""


class NotOnRoll(Exception):
    """Only who was on the roll at the opening can vote."""


class TooOften(Exception):
    """So many changes of one vote in so short a time that the file would grow too large."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


LINKING = ("polls_secret_key", "polls_secret_vote", "polls_secret_roll", "polls_secret_change")
"""The tables that link a voter to a vote; shredding empties them."""
MOST_CHANGES = 20
"""So often a vote can be changed at once; then one change counts in each `PAUSE`."""
PAUSE = timedelta(hours=1)
MOST_REFUSED = 20
"""So many votes of one person in the room are written into the log."""
MOST_EXTENSIONS = 20


class Kept(Table):
    """What is sealed for each voter."""

    receipt: Receipt
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ballot:
    """One secret ballot as it stands."""

    number: Number
    manifest: Manifest
    closes: datetime | None
    ended: datetime | None
    turnout: int
    box: Box | None
    """None once it is shredded."""

    def over(self, at: datetime) -> bool:
        return self.ended is not None or (self.closes is not None and at > self.closes)


async def get(tx: Tx, number: Number) -> Ballot | None:
    """The secret ballot of this item, if it is one."""
    row = await tx.one(
        "SELECT s.*, k.key FROM polls_secret s LEFT JOIN polls_secret_key k USING (number)"
        " WHERE s.number = ?",
        number,
    )
    if row is None:
        return None
    box = Box(number, bytes(row["key"])) if row["key"] is not None else None
    found = Manifest.model_validate_json(row["manifest"])
    closes, ended = _time(row["closes"]), _time(row["ended"])
    return Ballot(number, found, closes, ended, row["turnout"], box)


async def since(tx: Tx, room: RoomId, when: datetime) -> list[Ballot]:
    """The secret ballots of a room that are open or ended after `when`; none that was cancelled."""
    rows = await tx.all(
        "SELECT s.number FROM polls_secret s JOIN item USING (number)"
        " JOIN polls_poll p USING (number)"
        " WHERE item.room = ? AND NOT p.cancelled AND (s.ended IS NULL OR s.ended > ?)"
        " ORDER BY s.number DESC",
        room,
        when.timestamp(),
    )
    found = [await get(tx, Number(row["number"])) for row in rows]
    return [ballot for ballot in found if ballot is not None]


async def running(tx: Tx, number: Number, at: datetime) -> tuple[Ballot, Box]:
    ballot = await get(tx, number)
    if ballot is None:
        raise LookupError(number)
    if ballot.over(at) or ballot.box is None:
        raise Over
    return ballot, ballot.box


async def sealed(tx: Tx, box: Box, mark: bytes) -> bytes | None:
    row = await tx.one(
        "SELECT sealed FROM polls_secret_vote WHERE number = ? AND mark = ?", box.number, mark
    )
    return bytes(row["sealed"]) if row else None


async def kept(tx: Tx, box: Box, mark: bytes) -> Kept | None:
    found = await sealed(tx, box, mark)
    return Kept.model_validate_json(box.unseal(mark, found)) if found else None


async def put(tx: Tx, box: Box, mark: bytes, kept: Kept) -> None:
    """A voter's first vote."""
    await tx.run(
        "INSERT INTO polls_secret_vote VALUES (?, ?, ?)",
        box.number,
        mark,
        box.seal(mark, kept.text()),
    )
    await tx.run("UPDATE polls_secret SET turnout = turnout + 1 WHERE number = ?", box.number)


async def drop(tx: Tx, ballot: Ballot, box: Box, mark: bytes, at: datetime, kind: Kind) -> bool:
    """A vote counts no more, because it was replaced or withdrawn; whether there was one.

    The only place in which a vote that was cast is taken away while the ballot is open.
    """
    old = await kept(tx, box, mark)
    if old is None:
        return False
    await add(tx, ballot.number, ballot.manifest.poll, at, kind, old.receipt.commitment)
    await unlink(tx, box, mark)
    await tx.run("UPDATE polls_secret SET turnout = turnout - 1 WHERE number = ?", box.number)
    return True


async def count_change(tx: Tx, box: Box, mark: bytes, at: datetime) -> None:
    """One more vote, change or withdrawal of this voter. Raises `TooOften`."""
    row = await tx.one(
        "SELECT casts, last FROM polls_secret_change WHERE number = ? AND mark = ?",
        box.number,
        mark,
    )
    if row is not None and row["casts"] > MOST_CHANGES:
        until = datetime.fromtimestamp(row["last"], UTC) + PAUSE
        if at < until:
            raise TooOften(until)
    await tx.run(
        "INSERT INTO polls_secret_change (number, mark, casts, last) VALUES (?, ?, 1, ?)"
        " ON CONFLICT DO UPDATE SET casts = casts + 1, last = excluded.last",
        box.number,
        mark,
        at.timestamp(),
    )


async def is_slowed(tx: Tx, box: Box, mark: bytes) -> bool:
    """Is only one change an hour taken of this voter from now on?"""
    row = await tx.one(
        "SELECT 1 FROM polls_secret_change WHERE number = ? AND mark = ? AND casts > ?",
        box.number,
        mark,
        MOST_CHANGES,
    )
    return row is not None


async def count_refused(tx: Tx, box: Box, mark: bytes) -> bool:
    """One more vote of this person in the room; whether it is still written down."""
    await tx.run(
        "INSERT INTO polls_secret_change (number, mark, refused) VALUES (?, ?, 1)"
        " ON CONFLICT DO UPDATE SET refused = refused + 1",
        box.number,
        mark,
    )
    row = await tx.one(
        "SELECT refused FROM polls_secret_change WHERE number = ? AND mark = ?", box.number, mark
    )
    return row is not None and row["refused"] <= MOST_REFUSED


async def forget_changes(tx: Tx, box: Box, mark: bytes) -> None:
    await tx.run("DELETE FROM polls_secret_change WHERE number = ? AND mark = ?", box.number, mark)


async def extensions(tx: Tx, number: Number) -> int:
    """How often it was given more time."""
    query = "SELECT count(*) AS n FROM polls_secret_log WHERE number = ? AND kind = 'extended'"
    row = await tx.one(query, number)
    return int(row["n"]) if row else 0


async def unlink(tx: Tx, box: Box, mark: bytes) -> None:
    """Nothing tells any more what this voter chose; a vote that was counted stays counted."""
    await tx.run("DELETE FROM polls_secret_vote WHERE number = ? AND mark = ?", box.number, mark)


async def votes(tx: Tx, box: Box) -> list[tuple[bytes, Kept]]:
    rows = await tx.all("SELECT * FROM polls_secret_vote WHERE number = ?", box.number)
    marks = ((bytes(row["mark"]), bytes(row["sealed"])) for row in rows)
    return [(m, Kept.model_validate_json(box.unseal(m, sealed))) for m, sealed in marks]


async def on_roll(tx: Tx, number: Number, person: UserId) -> bool:
    row = await tx.one(
        "SELECT 1 FROM polls_secret_roll WHERE person = ? AND number = ?", person, number
    )
    return row is not None


async def who_voted(tx: Tx, number: Number, people: Iterable[UserId]) -> set[UserId]:
    """Of these people: for reminders. Nobody is told."""
    ballot = await get(tx, number)
    if ballot is None or ballot.box is None:
        return set()
    box = ballot.box
    return {one for one in people if await sealed(tx, box, box.mark(one)) is not None}


async def roll(tx: Tx, number: Number) -> list[tuple[bytes, UserId | None]]:
    """Sorted by leaf: the order of the tree."""
    rows = await tx.all("SELECT * FROM polls_secret_roll WHERE number = ? ORDER BY leaf", number)
    return [(bytes(row["leaf"]), row["person"]) for row in rows]


async def voters(tx: Tx, box: Box, marks: set[bytes]) -> list[tuple[str, str, UserId]]:
    """Leaf, salt and name of everybody who voted, in the order of the leaves."""
    known = [(leaf, p) for leaf, p in await roll(tx, Number(box.number)) if p is not None]
    return [(leaf.hex(), box.salt(p), p) for leaf, p in known if box.mark(p) in marks]


async def log(tx: Tx, number: Number) -> list[Row]:
    rows = await tx.all("SELECT * FROM polls_secret_log WHERE number = ? ORDER BY seq", number)
    return [_row(row) for row in rows]


def _row(row: Any) -> Row:
    kind = cast("Kind", row["kind"])
    if not row["salt"]:
        return row["at"], kind, row["what"]
    return row["at"], kind, row["what"], row["salt"]


async def last(tx: Tx, number: Number, poll: str) -> tuple[int, str]:
    row = await tx.one(
        "SELECT seq, head FROM polls_secret_log WHERE number = ? ORDER BY seq DESC LIMIT 1", number
    )
    return (row["seq"], row["head"]) if row else (0, chain.start(poll))


async def add(tx: Tx, number: Number, poll: str, at: datetime, kind: Kind, what: str) -> str:
    """One more row; the head after it."""
    before, found = await last(tx, number, poll)
    entry = chain.row(at.timestamp(), kind, what)
    made = chain.after(found, before + 1, entry)
    await tx.run(
        "INSERT INTO polls_secret_log (number, seq, at, kind, what, salt, head)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        number,
        before + 1,
        *entry,
        made,
    )
    return made


def _time(value: Any) -> datetime | None:
    return None if value is None else datetime.fromtimestamp(value, UTC)
