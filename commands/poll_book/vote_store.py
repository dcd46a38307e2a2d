"""Votes in the database. A vote changes a few rows, however many votes there are.

A voter is a person, or an organisation for which a delegate or an alternate answers; for a person
those may answer to whom the vote was given. `alternate` is the rank of who answers (`Seat.rank`).
Recent answers are kept, so that redacting a tap restores the one before it (MSC3381). One ballot
for each voter is what counts now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.api import EventId, Number, RoomId, UserId
from commands.decision_rules import ballots
from commands.decision_rules.ballots import Ballot, Part
from commands.decision_rules.vote_rules import Response, counting_response
from commands.poll_book import chamber_store
from storage.database import Tx

GONE_PREFIX = "gone:"
"""Prefix of the mark that stands for a forgotten person."""
NO_REASON_YET = "?"
"""What stands in place of the reason of a tapped block that waits for it."""
TAPS_KEPT = 5
"""How many taps can be redacted one after another, each restoring the vote before it."""
_OF_ONE = (
    "SELECT id FROM poll_book_response"
    " WHERE poll = ? AND voter = ? AND person = ? AND alternate = ? AND stamp"
)
_OLD_TAPS = f"{_OF_ONE} IS NOT NULL ORDER BY stamp DESC, id DESC LIMIT -1 OFFSET {TAPS_KEPT}"
_OLD_LINES = f"{_OF_ONE} IS NULL ORDER BY at DESC, id DESC LIMIT -1 OFFSET 1"


@dataclass(frozen=True, slots=True)
class CastVote:
    """A vote as it was given. No parts: withdrawn or spoiled. `event`: the tap or the line it came
    from; `stamp`: of a tap only."""

    voter: str
    person: UserId
    parts: tuple[Part, ...]
    at: datetime
    alternate: int = 0
    event: EventId | None = None
    stamp: int | None = None
    reason: str = ""
    late: bool = False
    room: RoomId | None = None
    """The room that it belongs to, in a poll that is shown in several."""
    read: datetime | None = None
    """When it is read, by our clock. What has a later time is of a clock that ran ahead."""
    waits: bool = False
    """Whether it is a tapped block that waits for its reason: no vote yet, nor one taken back."""


@dataclass(frozen=True, slots=True)
class StandingVote:
    """The vote of a voter that counts now, who cast it, and by which rank. No parts: a block that
    waits for its reason.

    `room` is the one that it belongs to, in a poll that is shown in several.
    """

    person: UserId
    parts: tuple[Part, ...]
    alternate: int
    room: RoomId | None = None


@dataclass(frozen=True, slots=True)
class StoredVote:
    """A stored vote: its poll, its voter, who cast it, by which rank, and whether by a tap."""

    number: Number
    voter: str
    person: UserId
    alternate: int
    tapped: bool


@dataclass(frozen=True, slots=True)
class VoteReason:
    """Why somebody voted as they did."""

    voter: str
    person: UserId
    ballot: Ballot
    text: str


def format_parts(parts: Iterable[Part]) -> str:
    """Return the parts of a vote as the database stores them: `1*2:1`, or split: `12*1:1|5*2:1`."""
    return "|".join(
        f"{weight}*{ballots.format_ballot(ballot)}" for ballot, weight in parts if ballot
    )


def parse_parts(text: str) -> tuple[Part, ...]:
    """Return the parts of a vote in a text that `format_parts` wrote."""
    pairs = (part.split("*") for part in text.split("|") if part)
    return tuple((ballots.parse_ballot(ballot), int(weight)) for weight, ballot in pairs)


async def store_vote(tx: Tx, number: Number, vote: CastVote) -> bool:
    """Store a vote. Return False if it was read out of order: what the same person said later
    counts.

    Where our clock was set back, it is stored as of the time of what was read before, which it
    follows. Old answers of a person are deleted except those that a redaction may restore, so that
    every vote costs the same.
    """
    await tx.run(
        "INSERT OR IGNORE INTO poll_book_response"
        " (poll, voter, person, alternate, event, stamp, at, parts, reason, late, room)"
        " SELECT ?1, ?2, ?3, ?4, ?5, ?6, max(?7, coalesce(max(at), ?7)), ?8, ?9, ?10, ?11"
        " FROM poll_book_response WHERE poll = ?1 AND voter = ?2 AND alternate = ?4 AND at > ?12",
        number,
        vote.voter,
        vote.person,
        vote.alternate,
        vote.event,
        vote.stamp,
        vote.at.timestamp(),
        format_parts(vote.parts),
        NO_REASON_YET if vote.waits else vote.reason,
        vote.late,
        vote.room,
        vote.read.timestamp() if vote.read and vote.at <= vote.read else None,
    )
    for old in (_OLD_TAPS, _OLD_LINES):
        await tx.run(
            f"DELETE FROM poll_book_response WHERE id IN ({old})",  # noqa: S608
            number,
            vote.voter,
            vote.person,
            vote.alternate,
        )
    last = await update_ballot(tx, number, vote.voter)
    return last.get((vote.person, vote.alternate)) == format_parts(vote.parts)


async def votes_of_event(tx: Tx, event: EventId) -> list[StoredVote]:
    """Return the votes that this tap or this line made, one for each voter it is for. All are of
    one person in one poll."""
    rows = await tx.all("SELECT * FROM poll_book_response WHERE event = ?", event)
    return [
        StoredVote(
            Number(r["poll"]),
            r["voter"],
            UserId(r["person"]),
            r["alternate"],
            r["stamp"] is not None,
        )
        for r in rows
    ]


async def explain_tap(
    tx: Tx, number: Number, voter: str, event: EventId, parts: Iterable[Part], reason: str
) -> None:
    """Store the meaning of a tap that had none until its reason came."""
    await tx.run(
        "UPDATE poll_book_response SET parts = ?, reason = ? WHERE event = ? AND voter = ?",
        format_parts(parts),
        reason,
        event,
        voter,
    )
    await update_ballot(tx, number, voter)


async def take_back_tap(tx: Tx, number: Number, voter: str, event: EventId) -> None:
    """Delete a redacted tap on a native poll. The voter's answer before it counts again."""
    await tx.run("DELETE FROM poll_book_response WHERE event = ? AND voter = ?", event, voter)
    await update_ballot(tx, number, voter)


async def get_profile(tx: Tx, number: Number) -> dict[Ballot, int]:
    """Return the different ballots cast in a poll, each with the weight behind it."""
    rows = await tx.all("SELECT ballot, weight FROM poll_book_count WHERE poll = ?", number)
    return {ballots.parse_ballot(r["ballot"]): r["weight"] for r in rows}


async def vote_of_voter(tx: Tx, number: Number, voter: str) -> StandingVote | None:
    """Return the vote of this voter that counts in a poll, or None."""
    row = await tx.one("SELECT * FROM poll_book_ballot WHERE poll = ? AND voter = ?", number, voter)
    return _standing_vote(row) if row else None


async def leading_vote(tx: Tx, number: Number, voter: str) -> StandingVote | None:
    """Return the vote of this voter that goes before others, or None. It may be a tapped block that
    waits for its reason: that has no parts, and lets no vote of a higher rank count."""
    found = _counting_answer(_last_answers(await _answers(tx, number, voter)))
    return _standing_vote(found) if found else None


def _standing_vote(row: Any) -> StandingVote:
    person, room = UserId(row["person"]), RoomId(row["room"]) if row["room"] else None
    return StandingVote(person, parse_parts(row["parts"]), row["alternate"], room)


async def profiles_by_room(tx: Tx, number: Number) -> dict[RoomId | None, dict[Ballot, int]]:
    """Return the different ballots cast, each with the weight behind it, for each room that votes
    belong to."""
    rows = await tx.all(
        "SELECT room, parts, count(*) AS n FROM poll_book_ballot WHERE poll = ? GROUP BY 1, 2",
        number,
    )
    found: dict[RoomId | None, dict[Ballot, int]] = {}
    for row in rows:
        profile = found.setdefault(RoomId(row["room"]) if row["room"] else None, {})
        for ballot, weight in parse_parts(row["parts"]):
            profile[ballot] = profile.get(ballot, 0) + weight * row["n"]
    return found


async def votes_of_person(tx: Tx, person: UserId) -> list[tuple[Number, tuple[Part, ...]]]:
    """Return this person's votes that count, poll by poll."""
    rows = await tx.all(
        "SELECT poll, parts FROM poll_book_ballot WHERE person = ? ORDER BY poll, voter", person
    )
    return [(Number(r["poll"]), parse_parts(r["parts"])) for r in rows]


async def list_reasons(tx: Tx, number: Number, limit: int, offset: int = 0) -> list[VoteReason]:
    """Return the reasons given with votes that count, ordered by voter."""
    rows = await tx.all(
        "SELECT voter, person, parts, reason FROM poll_book_ballot INDEXED BY"
        " poll_book_ballot_reason"
        " WHERE poll = ? AND reason != '' ORDER BY voter LIMIT ? OFFSET ?",
        number,
        limit,
        offset,
    )
    return [
        VoteReason(r["voter"], UserId(r["person"]), parse_parts(r["parts"])[0][0], r["reason"])
        for r in rows
    ]


async def count_late(tx: Tx, number: Number) -> int:
    """Return how many of the counted votes were read late, in a catch-up."""
    return await tx.count(
        "SELECT count(*) AS n FROM poll_book_ballot INDEXED BY poll_book_ballot_late"
        " WHERE poll = ? AND late",
        number,
    )


async def count_people(tx: Tx, number: Number) -> int:
    """Return how many different people cast the votes that count; all who are forgotten are one."""
    query = "SELECT count(DISTINCT person) AS n FROM poll_book_ballot WHERE poll = ?"
    return await tx.count(query, number)


async def update_ballot(tx: Tx, number: Number, voter: str) -> dict[tuple[str, int], str]:
    """Find which of a voter's recent answers counts now, store it as their ballot, and bring the
    poll's totals up to date. Return the parts of the last answer of each person and rank."""
    last = _last_answers(await _answers(tx, number, voter))
    found = _counting_answer(last)
    before = await tx.one(
        "SELECT parts FROM poll_book_ballot WHERE poll = ? AND voter = ?", number, voter
    )
    old = parse_parts(before["parts"]) if before else ()
    new = parse_parts(found["parts"]) if found else ()
    for parts, by in ((old, -1), (new, 1)):
        await _shift_counts(tx, number, parts, by)
        await chamber_store.shift_chamber(tx, number, voter, parts, by)
    await tx.run("DELETE FROM poll_book_ballot WHERE poll = ? AND voter = ?", number, voter)
    if found and new:
        await tx.run(
            "INSERT INTO poll_book_ballot"
            " (poll, voter, person, parts, reason, late, alternate, room)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            number,
            voter,
            "" if found["person"].startswith(GONE_PREFIX) else found["person"],
            found["parts"],
            found["reason"],
            found["late"],
            found["alternate"],
            found["room"],
        )
    return {key: row["parts"] for key, row in last.items()}


async def _answers(tx: Tx, number: Number, voter: str) -> Sequence[Any]:
    query = "SELECT * FROM poll_book_response WHERE poll = ? AND voter = ?"
    return await tx.all(query, number, voter)


def _last_answers(rows: Sequence[Any]) -> dict[tuple[str, int], Any]:
    """Return the last answer of each person and rank."""
    people: dict[tuple[str, int], list[Any]] = {}
    for row in rows:
        people.setdefault((row["person"], row["alternate"]), []).append(row)
    return {key: _last(answers) for key, answers in people.items()}


def _counting_answer(last: Mapping[tuple[str, int], Any]) -> Any | None:
    """Return the answer that counts: that of the lowest rank, or None.

    Of successive delegates it is the later one's. A tapped block that waits for its reason has no
    parts, and no vote of a higher rank counts in its place.
    """
    for rank in sorted({alternate for _person, alternate in last}):
        same = [row for (_person, alternate), row in last.items() if alternate == rank]
        row = max(same, key=lambda r: (r["at"], r["id"]))
        # Only a tap waits: the reason of a typed line is as the person wrote it.
        if row["parts"] or (row["stamp"] is not None and row["reason"] == NO_REASON_YET):
            return row
    return None


def _last(rows: Sequence[Any]) -> Any:
    by_id = {row["id"]: row for row in rows}
    found = counting_response(Response(r["id"], r["at"], r["stamp"], ()) for r in rows)
    return by_id[found.order] if found else None


async def shift_turnout(tx: Tx, number: Number, by: int) -> None:
    """Count so many more (or fewer) voters who have voted in a poll."""
    await tx.run("UPDATE poll_book_poll SET turnout = turnout + ? WHERE number = ?", by, number)


async def _shift_counts(tx: Tx, number: Number, parts: Sequence[Part], by: int) -> None:
    if not parts:
        return
    await tx.many(
        "INSERT INTO poll_book_count VALUES (?, ?, ?)"
        " ON CONFLICT (poll, ballot) DO UPDATE SET weight = weight + excluded.weight",
        [(number, ballots.format_ballot(ballot), by * weight) for ballot, weight in parts],
    )
    await tx.many(
        "DELETE FROM poll_book_count WHERE poll = ? AND ballot = ? AND weight = 0",
        [(number, ballots.format_ballot(ballot)) for ballot, _weight in parts],
    )
    await shift_turnout(tx, number, by)
