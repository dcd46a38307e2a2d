"""Elections and their candidates in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import Number, RoomId, UserId
from commands.decision_rules.ballots import SeatQuota
from commands.decision_rules.seat_quotas import format_quotas, parse_quotas
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Election:
    """What was asked for. `poll` is the vote, once it is open. Times are UTC."""

    item: Number
    seats: int
    method: str
    secret: bool
    quotas: tuple[SeatQuota, ...]
    voters: str
    stands_until: datetime
    votes_until: datetime
    lot: str
    poll: Number | None = None


@dataclass(frozen=True, slots=True)
class Nominee:
    """Somebody who stands, or was proposed and has not answered. `place`: on the ballot."""

    person: UserId
    words: str = ""
    groups: tuple[str, ...] = ()
    accepted: bool = True
    place: int | None = None


async def add_election(tx: Tx, one: Election) -> None:
    """Store a new election for its item's number."""
    await tx.run(
        "INSERT INTO elections_election (item, seats, method, secret, quotas, voters,"
        " stands_until, votes_until, lot) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        one.item,
        one.seats,
        one.method,
        one.secret,
        format_quotas(one.quotas),
        one.voters,
        one.stands_until.timestamp(),
        one.votes_until.timestamp(),
        one.lot,
    )


async def get_election(tx: Tx, item: Number) -> Election | None:
    """Return the election of this item, or None."""
    row = await tx.one("SELECT * FROM elections_election WHERE item = ?", item)
    return _election(row) if row else None


async def get_election_of_poll(tx: Tx, poll: Number) -> Election | None:
    """Return the election of which this poll is the vote, or None."""
    row = await tx.one("SELECT * FROM elections_election WHERE poll = ?", poll)
    return _election(row) if row else None


async def waiting_elections(tx: Tx, room: RoomId) -> list[Number]:
    """Return the elections of a room in which people can still become candidates, oldest first."""
    return await tx.column(
        Number,
        "SELECT e.item FROM elections_election e JOIN item ON number = e.item"
        " WHERE room = ? AND open AND poll IS NULL ORDER BY e.item",
        room,
    )


async def all_waiting_elections(tx: Tx) -> list[Number]:
    """Return the elections of all rooms in which people can still become candidates, oldest
    first."""
    return await tx.column(
        Number,
        "SELECT e.item FROM elections_election e JOIN item ON number = e.item"
        " WHERE open AND poll IS NULL ORDER BY e.item",
    )


async def open_vote(tx: Tx, item: Number, poll: Number, order: Sequence[UserId]) -> None:
    """Store the poll of an election's vote, and the place of each candidate."""
    await tx.run("UPDATE elections_election SET poll = ? WHERE item = ?", poll, item)
    await tx.many(
        "UPDATE elections_candidate SET place = ? WHERE election = ? AND person = ?",
        [(place, item, person) for place, person in enumerate(order, start=1)],
    )
    await tx.run("DELETE FROM elections_candidate WHERE election = ? AND place IS NULL", item)


async def put_candidate(tx: Tx, election: Number, one: Nominee) -> None:
    """Store a candidate of an election, in place of what was stored of them."""
    await tx.run(
        "INSERT OR REPLACE INTO elections_candidate (election, person, words, groups, accepted)"
        " VALUES (?, ?, ?, ?, ?)",
        election,
        one.person,
        one.words,
        ",".join(one.groups),
        one.accepted,
    )


async def drop_candidate(tx: Tx, election: Number, person: UserId) -> bool:
    """Delete a candidate of an election. Return whether they were one."""
    return (
        await tx.change(
            "DELETE FROM elections_candidate WHERE election = ? AND person = ?", election, person
        )
        > 0
    )


async def get_candidate(tx: Tx, election: Number, person: UserId) -> Nominee | None:
    """Return this person's candidacy in an election, or None."""
    found = [one for one in await list_candidates(tx, election) if one.person == person]
    return found[0] if found else None


async def list_candidates(tx: Tx, election: Number) -> list[Nominee]:
    """Return all candidates of an election in the order of the ballot; before the draw, by
    address."""
    rows = await tx.all(
        "SELECT * FROM elections_candidate WHERE election = ? ORDER BY place, person", election
    )
    return [
        Nominee(
            UserId(row["person"]),
            row["words"],
            tuple(filter(None, row["groups"].split(","))),
            bool(row["accepted"]),
            row["place"],
        )
        for row in rows
    ]


async def elections_of(tx: Tx, person: UserId) -> list[Number]:
    """Return the elections in which this person is a candidate, or was proposed as one."""
    return await tx.column(
        Number,
        "SELECT election FROM elections_candidate WHERE person = ? ORDER BY election",
        person,
    )


def _election(row: Any) -> Election:
    return Election(
        Number(row["item"]),
        row["seats"],
        row["method"],
        bool(row["secret"]),
        parse_quotas(row["quotas"]),
        row["voters"],
        datetime.fromtimestamp(row["stands_until"], UTC),
        datetime.fromtimestamp(row["votes_until"], UTC),
        row["lot"],
        Number(row["poll"]) if row["poll"] else None,
    )
