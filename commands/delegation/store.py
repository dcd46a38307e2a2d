"""Delegations in the database."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import Number, RoomId, UserId
from storage.database import Tx

EVERY_POLL = Number(0)


@dataclass(frozen=True, slots=True)
class Delegation:
    """`giver` gives their vote to `taker`. `id` is 0 until it is stored."""

    id: int
    room: RoomId
    giver: UserId
    taker: UserId
    poll: Number
    topic: str
    until: datetime | None
    accepted: bool
    at: datetime

    @property
    def scope(self) -> tuple[Number, str]:
        """For which decisions the delegation holds: one, a theme, or all."""
        return self.poll, self.topic

    def overlaps(self, other: Delegation) -> bool:
        """Return whether both delegations can hold in one decision."""
        polls = {self.poll, other.poll} - {EVERY_POLL}
        topics = {self.topic, other.topic} - {""}
        return len(polls) < 2 and (bool(polls) or len(topics) < 2)


async def add_request(tx: Tx, one: Delegation) -> int:
    """Store a delegation that waits for the taker's yes, in place of one that waits. Returns its
    id."""
    await tx.run(
        "DELETE FROM delegation_given WHERE room = ? AND giver = ? AND poll = ? AND topic = ?"
        " AND NOT accepted",
        one.room,
        one.giver,
        *one.scope,
    )
    await tx.run(
        "INSERT INTO delegation_given (room, giver, taker, poll, topic, until, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        one.room,
        one.giver,
        one.taker,
        *one.scope,
        one.until.timestamp() if one.until else None,
        one.at.timestamp(),
    )
    row = await tx.one("SELECT max(id) AS id FROM delegation_given")
    return int(row["id"]) if row else 0


async def accept(tx: Tx, one: Delegation) -> None:
    """Store that a delegation was accepted, in place of one for the same decisions."""
    await tx.run(
        "DELETE FROM delegation_given WHERE room = ? AND giver = ? AND poll = ? AND topic = ?"
        " AND accepted",
        one.room,
        one.giver,
        *one.scope,
    )
    await tx.run("UPDATE delegation_given SET accepted = 1 WHERE id = ?", one.id)


async def drop(tx: Tx, number: int) -> None:
    """Delete a delegation."""
    await tx.run("DELETE FROM delegation_given WHERE id = ?", number)


async def get(tx: Tx, number: int) -> Delegation | None:
    """Return a delegation, waiting or not, or None."""
    row = await tx.one("SELECT * FROM delegation_given WHERE id = ?", number)
    return _delegation(row) if row else None


async def of_rooms(tx: Tx, *rooms: RoomId) -> list[Delegation]:
    """Return the accepted delegations of these rooms, the oldest first."""
    rows = await tx.all(
        "SELECT * FROM delegation_given WHERE room IN (SELECT value FROM json_each(?)) AND accepted"
        " ORDER BY id",
        json.dumps(rooms),
    )
    return [_delegation(row) for row in rows]


async def of_person(tx: Tx, person: UserId) -> list[Delegation]:
    """Return the delegations that a person gave or was given, waiting or not, the oldest first."""
    rows = await tx.all(
        "SELECT * FROM delegation_given WHERE giver = ?1"
        " UNION SELECT * FROM delegation_given WHERE taker = ?1 ORDER BY id",
        person,
    )
    return [_delegation(row) for row in rows]


async def open_polls_of_people(tx: Tx, room: RoomId, at: datetime) -> list[Number]:
    """Return the decisions in a room that are open at an instant, and where people, not
    organisations, vote and not in secret.

    One whose time to vote is over is not open any more, even while its counts still wait to be
    sealed (`docs/decisions/0075`).
    """
    return await tx.column(
        Number,
        "SELECT i.number FROM item i JOIN poll_book_poll p ON p.number = i.number"
        " WHERE (i.room = ?1 OR i.number IN (SELECT item FROM item_shown WHERE room = ?1))"
        " AND i.open AND i.kind = 'poll' AND NOT p.secret"
        " AND p.voters != 'organisations' AND p.ended IS NULL"
        " AND (p.closes IS NULL OR p.closes >= ?2) ORDER BY i.number",
        room,
        at.timestamp(),
    )


def _delegation(row: Any) -> Delegation:
    return Delegation(
        row["id"],
        RoomId(row["room"]),
        UserId(row["giver"]),
        UserId(row["taker"]),
        Number(row["poll"]),
        row["topic"],
        datetime.fromtimestamp(row["until"], UTC) if row["until"] is not None else None,
        bool(row["accepted"]),
        datetime.fromtimestamp(row["at"], UTC),
    )
