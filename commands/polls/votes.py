"""Votes in the database. A vote changes a few rows, however many there are already.

A voter is a person, or an organisation for which a delegate or an alternate answers. Everything
they answered lately is kept, so that a tap that is redacted brings the one before it back
(MSC3381); what counts of them now is their one ballot.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.api import EventId, Number, UserId
from commands.polls import ballots
from commands.polls.ballots import Ballot, Part
from commands.polls.rules import Response, counting
from storage.database import Tx

GONE = "gone:"
"""Begins what stands for somebody who was forgotten."""
TAPS_KEPT = 5
"""So many taps can be taken back one after the other; the vote before each counts again."""
_OF_ONE = (
    "SELECT id FROM polls_response"
    " WHERE poll = ? AND voter = ? AND person = ? AND alternate = ? AND stamp"
)
_OLD_TAPS = f"{_OF_ONE} IS NOT NULL ORDER BY stamp DESC, id DESC LIMIT -1 OFFSET {TAPS_KEPT}"
_OLD_LINES = f"{_OF_ONE} IS NULL ORDER BY at DESC, id DESC LIMIT -1 OFFSET 1"


@dataclass(frozen=True, slots=True)
class Cast:
    """A vote as it was given. No parts: taken back, or spoiled. `event`, `stamp`: of a tap."""

    voter: str
    person: UserId
    parts: tuple[Part, ...]
    at: datetime
    alternate: bool = False
    event: EventId | None = None
    stamp: int | None = None
    reason: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What counts of a voter now, who cast it, and whether in the delegate's place."""

    person: UserId
    parts: tuple[Part, ...]
    alternate: bool


@dataclass(frozen=True, slots=True)
class Tapped:
    """A tap that is kept: in which poll, for which voter, by whom, in whose place."""

    number: Number
    voter: str
    person: UserId
    alternate: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody voted as they did."""

    voter: str
    person: UserId
    ballot: Ballot
    text: str


def written(parts: Iterable[Part]) -> str:
    """`1*2:1`, or split: `12*1:1|5*2:1`."""
    return "|".join(f"{weight}*{ballots.written(ballot)}" for ballot, weight in parts if ballot)


def read(text: str) -> tuple[Part, ...]:
    """What `written` wrote."""
    pairs = (part.split("*") for part in text.split("|") if part)
    return tuple((ballots.read(ballot), int(weight)) for weight, ballot in pairs)


async def cast(tx: Tx, number: Number, vote: Cast) -> None:
    """Keep a vote, and count what now counts of its voter.

    Of each person only so much is kept that taps can be taken back: a vote costs the same always.
    """
    await tx.run(
        "INSERT OR IGNORE INTO polls_response"
        " (poll, voter, person, alternate, event, stamp, at, parts, reason, late)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        number,
        vote.voter,
        vote.person,
        vote.alternate,
        vote.event,
        vote.stamp,
        vote.at.timestamp(),
        written(vote.parts),
        vote.reason,
        vote.late,
    )
    for old in (_OLD_TAPS, _OLD_LINES):
        await tx.run(
            f"DELETE FROM polls_response WHERE id IN ({old})",  # noqa: S608
            number,
            vote.voter,
            vote.person,
            vote.alternate,
        )
    await _count(tx, number, vote.voter)


async def of_tap(tx: Tx, event: EventId) -> list[Tapped]:
    """This tap, once for each voter for whom it is: all of one person in one poll."""
    rows = await tx.all("SELECT * FROM polls_response WHERE event = ?", event)
    return [
        Tapped(Number(r["poll"]), r["voter"], UserId(r["person"]), bool(r["alternate"]))
        for r in rows
    ]


async def take_back(tx: Tx, number: Number, voter: str, event: EventId) -> None:
    """A tap was redacted: of this voter the answer before it counts again."""
    await tx.run("DELETE FROM polls_response WHERE event = ? AND voter = ?", event, voter)
    await _count(tx, number, voter)


async def profile(tx: Tx, number: Number) -> dict[Ballot, int]:
    """How much weight stands behind each different ballot."""
    rows = await tx.all("SELECT ballot, weight FROM polls_count WHERE poll = ?", number)
    return {ballots.read(r["ballot"]): r["weight"] for r in rows}


async def of_voter(tx: Tx, number: Number, voter: str) -> Standing | None:
    """What counts of this voter; None: nothing."""
    row = await tx.one("SELECT * FROM polls_ballot WHERE poll = ? AND voter = ?", number, voter)
    if row is None:
        return None
    return Standing(UserId(row["person"]), read(row["parts"]), bool(row["alternate"]))


async def of_person(tx: Tx, person: UserId) -> list[tuple[Number, tuple[Part, ...]]]:
    """What counts of this person's votes, poll by poll."""
    rows = await tx.all(
        "SELECT poll, parts FROM polls_ballot WHERE person = ? ORDER BY poll, voter", person
    )
    return [(Number(r["poll"]), read(r["parts"])) for r in rows]


async def reasons(tx: Tx, number: Number, limit: int, offset: int = 0) -> list[Reason]:
    """Reasons beside votes that count, in the order of the voters."""
    rows = await tx.all(
        "SELECT voter, person, parts, reason FROM polls_ballot INDEXED BY polls_ballot_reason"
        " WHERE poll = ? AND reason != '' ORDER BY voter LIMIT ? OFFSET ?",
        number,
        limit,
        offset,
    )
    return [
        Reason(r["voter"], UserId(r["person"]), read(r["parts"])[0][0], r["reason"]) for r in rows
    ]


async def late(tx: Tx, number: Number) -> int:
    """How many of the counted votes were read in a catch-up."""
    row = await tx.one(
        "SELECT count(*) AS n FROM polls_ballot INDEXED BY polls_ballot_late"
        " WHERE poll = ? AND late",
        number,
    )
    return int(row["n"]) if row else 0


async def missing(tx: Tx, number: Number, limit: int, after: str = "") -> list[Any]:
    """Who of the roll has not voted, in the order of their keys: name, and who votes for them."""
    return await tx.all(
        "SELECT v.voter, v.name, v.delegate, v.alternate FROM polls_voter v"
        " WHERE v.poll = ?1 AND v.voter > ?2 AND NOT EXISTS"
        " (SELECT 1 FROM polls_ballot b WHERE b.poll = ?1 AND b.voter = v.voter)"
        " ORDER BY v.voter LIMIT ?3",
        number,
        after,
        limit,
    )


async def roll(tx: Tx, number: Number, limit: int, after: str = "") -> list[Any]:
    """Everybody of the roll, as `missing` gives those who have not voted."""
    return await tx.all(
        "SELECT voter, name, delegate, alternate FROM polls_voter"
        " WHERE poll = ? AND voter > ? ORDER BY voter LIMIT ?",
        number,
        after,
        limit,
    )


async def forget(tx: Tx, person: UserId) -> int:
    """Take a person's name out of every poll; votes of open polls go, totals of ended ones stay.

    What an organisation has voted stays, without the name of who cast it. How many there were.
    """
    rows = await tx.all(
        "SELECT poll, voter, ended FROM polls_ballot JOIN polls_poll ON number = poll"
        " WHERE person = ?",
        person,
    )
    polls = await tx.all("SELECT DISTINCT poll FROM polls_response WHERE person = ?", person)
    await tx.run("DELETE FROM polls_response WHERE person = ? AND voter = person", person)
    # Two who are forgotten stay two: of each the last answer counts, as it did before.
    tag = GONE + secrets.token_hex(8)
    await tx.run("UPDATE polls_response SET person = ?, reason = '' WHERE person = ?", tag, person)
    for row in rows:
        if row["ended"] is None and row["voter"] == person:
            await _count(tx, Number(row["poll"]), person)
    await tx.run("DELETE FROM polls_ballot WHERE person = ? AND voter = person", person)
    await tx.run("UPDATE polls_ballot SET person = '', reason = '' WHERE person = ?", person)
    await tx.run("DELETE FROM polls_told WHERE person = ?", person)
    await tx.run("UPDATE polls_option SET person = NULL WHERE person = ?", person)
    return len({r["poll"] for r in polls} | {r["poll"] for r in rows})


async def _count(tx: Tx, number: Number, voter: str) -> None:
    """Bring the ballot of this one voter, and the counts, up to date."""
    rows = await tx.all("SELECT * FROM polls_response WHERE poll = ? AND voter = ?", number, voter)
    found = _counts(rows)
    before = await tx.one(
        "SELECT parts FROM polls_ballot WHERE poll = ? AND voter = ?", number, voter
    )
    old = read(before["parts"]) if before else ()
    new = read(found["parts"]) if found else ()
    await _shift(tx, number, old, -1)
    await _shift(tx, number, new, 1)
    await tx.run("DELETE FROM polls_ballot WHERE poll = ? AND voter = ?", number, voter)
    if found and new:
        await tx.run(
            "INSERT INTO polls_ballot (poll, voter, person, parts, reason, late, alternate)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            number,
            voter,
            "" if found["person"].startswith(GONE) else found["person"],
            found["parts"],
            found["reason"],
            found["late"],
            found["alternate"],
        )


def _counts(rows: Sequence[Any]) -> Any | None:
    """The answer that counts: the delegate's, else the alternate's; of each person the last one.

    Of two delegates, one after the other, it is the later one's.
    """
    for alternate in (0, 1):
        people: dict[str, list[Any]] = {}
        for row in rows:
            if row["alternate"] == alternate:
                people.setdefault(row["person"], []).append(row)
        last = [_last(answers) for answers in people.values()]
        row = max(last, key=lambda r: (r["at"], r["id"]), default=None)
        if row is not None and row["parts"]:
            return row
    return None


def _last(rows: Sequence[Any]) -> Any:
    by_id = {row["id"]: row for row in rows}
    found = counting(Response(r["id"], r["at"], r["stamp"], ()) for r in rows)
    return by_id[found.order] if found else None


async def _shift(tx: Tx, number: Number, parts: Sequence[Part], by: int) -> None:
    if not parts:
        return
    await tx.many(
        "INSERT INTO polls_count VALUES (?, ?, ?)"
        " ON CONFLICT (poll, ballot) DO UPDATE SET weight = weight + excluded.weight",
        [(number, ballots.written(ballot), by * weight) for ballot, weight in parts],
    )
    await tx.many(
        "DELETE FROM polls_count WHERE poll = ? AND ballot = ? AND weight = 0",
        [(number, ballots.written(ballot)) for ballot, _weight in parts],
    )
    await tx.run("UPDATE polls_poll SET turnout = turnout + ? WHERE number = ?", by, number)
