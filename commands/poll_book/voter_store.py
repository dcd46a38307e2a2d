"""Organisations and rolls in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.api import Number, RoomId, UserId, fold
from storage.database import Tx

MOST_WEIGHT = 1_000_000


class SeatRole(StrEnum):
    """Whether one speaks as delegate (or for oneself), alternate, or holder of a given vote."""

    DELEGATE = "delegate"
    ALTERNATE = "alternate"
    HOLDER = "holder"


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation that votes in a room. `id` is None until it is stored."""

    id: int | None
    name: str
    delegate: UserId | None = None
    alternate: UserId | None = None
    weight: int = 1

    @property
    def key(self) -> str:
        """The organisation's key on a list of voters."""
        return f"org:{self.id}"


@dataclass(frozen=True, slots=True)
class Voter:
    """One line of a poll's roll. For a person `key` and `delegate` are their address."""

    key: str
    name: str
    weight: int
    delegate: UserId | None
    alternate: UserId | None = None

    @property
    def is_organisation(self) -> bool:
        """Whether the voter is an organisation, not a person."""
        return self.key.startswith("org:")


@dataclass(frozen=True, slots=True)
class Seat:
    """A person's right to vote: for which line of the roll, and in which role."""

    voter: Voter
    role: SeatRole
    rank: int = 0
    """Of several who vote for one voter, the lowest counts: 0 is the voter or the delegate."""


_ROLES = (SeatRole.DELEGATE, SeatRole.ALTERNATE, SeatRole.HOLDER)


def comparable_name(name: str) -> str:
    """Return an organisation's name folded for comparison: no case, no accents, single spaces."""
    return " ".join(fold(name).split())


# --- organisations ------------------------------------------------------------------------------


async def organisations_in(tx: Tx, room: RoomId) -> list[Organisation]:
    """Return the organisations of a room, by name."""
    rows = await tx.all("SELECT * FROM poll_book_organisation WHERE room = ? ORDER BY folded", room)
    return [_organisation(row) for row in rows]


async def get_organisation(tx: Tx, room: RoomId, name: str) -> Organisation | None:
    """Return the organisation of this name in a room, or None."""
    row = await tx.one(
        "SELECT * FROM poll_book_organisation WHERE room = ? AND folded = ?",
        room,
        comparable_name(name),
    )
    return _organisation(row) if row else None


async def organisations_of(
    tx: Tx, person: UserId, room: RoomId | None = None
) -> list[Organisation]:
    """Return the organisations (of one room) for which this person speaks."""
    rows = await tx.all(
        "SELECT * FROM poll_book_organisation WHERE (delegate = ?1 OR alternate = ?1)"
        " AND (?2 IS NULL OR room = ?2) ORDER BY folded",
        person,
        room,
    )
    return [_organisation(row) for row in rows]


async def put_organisation(tx: Tx, room: RoomId, one: Organisation, at: datetime) -> None:
    """Store an organisation. Open polls take over its people at once, but not its weight."""
    await tx.run(
        "INSERT INTO poll_book_organisation"
        " (id, room, name, folded, delegate, alternate, weight, created, changed)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8) ON CONFLICT (id) DO UPDATE"
        " SET name = ?3, folded = ?4, delegate = ?5, alternate = ?6, weight = ?7, changed = ?8",
        one.id,
        room,
        one.name,
        comparable_name(one.name),
        one.delegate,
        one.alternate,
        one.weight,
        at.timestamp(),
    )
    if one.id is not None:
        await _update_open_rolls(tx, one.key, one.delegate, one.alternate)


async def drop_organisation(tx: Tx, one: Organisation) -> None:
    """Delete an organisation. In open polls nobody speaks for it any more; its votes stay."""
    await tx.run("DELETE FROM poll_book_organisation WHERE id = ?", one.id)
    await _update_open_rolls(tx, one.key, None, None)


async def _update_open_rolls(
    tx: Tx, key: str, delegate: UserId | None, alternate: UserId | None
) -> None:
    await tx.run(
        "UPDATE poll_book_voter SET delegate = ?, alternate = ? WHERE voter = ?"
        " AND poll IN (SELECT number FROM item WHERE open)",
        delegate,
        alternate,
        key,
    )


async def keys_on_open_rolls(tx: Tx, room: RoomId) -> set[str]:
    """Return the keys of organisations on the rolls of this room's open polls."""
    return set(
        await tx.column(
            str,
            "SELECT DISTINCT voter FROM item JOIN poll_book_voter ON poll = number"
            " WHERE room = ? AND open AND kind = 'poll' AND voter LIKE 'org:%'",
            room,
        )
    )


# --- how they were before a change ----------------------------------------------------------------


async def store_before(
    tx: Tx, room: RoomId, before: Sequence[tuple[str, Organisation | None]]
) -> int:
    """Store how these organisations were before a change, for an undo. Returns the number of the
    change."""
    row = await tx.one(
        "SELECT coalesce(max(change), 0) + 1 AS n FROM poll_book_organisation_before"
    )
    change = int(row["n"]) if row else 1
    await tx.many(
        "INSERT INTO poll_book_organisation_before VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (change, room, one.name, one.id, one.delegate, one.alternate, one.weight)
            if one
            else (change, room, name, None, None, None, None)
            for name, one in before
        ],
    )
    return change


async def restore_before(tx: Tx, change: int, at: datetime) -> int:
    """Restore the organisations that a change touched to how they were before it; those it added
    are deleted. Return how many it touched. `at` is stored as the time when they changed last."""
    rows = await tx.all("SELECT * FROM poll_book_organisation_before WHERE change = ?", change)
    for row in rows:
        now = await get_organisation(tx, row["room"], row["name"])
        if row["id"] is None:
            if now is not None:
                await drop_organisation(tx, now)
            continue
        if now is not None and now.id != row["id"]:  # removed and added again meanwhile
            await drop_organisation(tx, now)
        await put_organisation(tx, row["room"], _organisation(row), at)
    return len(rows)


def _organisation(row: Any) -> Organisation:
    return Organisation(row["id"], row["name"], row["delegate"], row["alternate"], row["weight"])


# --- a person goes --------------------------------------------------------------------------------


async def forget_person(tx: Tx, person: UserId) -> int:
    """Remove a person's name from organisations and lists of voters. Returns from how many places.

    On the roll of an ended poll the line stays without a name, so that its totals still fit.
    """
    count = 0
    for part in ("delegate", "alternate"):
        query = f"UPDATE poll_book_organisation SET {part} = NULL WHERE {part} = ?"  # noqa: S608
        count += await tx.change(query, person)
    count += await tx.change(
        "DELETE FROM poll_book_voter WHERE voter = ? AND poll IN (SELECT number FROM item"
        " WHERE open)",
        person,
    )
    count += await tx.change(
        "UPDATE poll_book_voter SET voter = 'gone:' || lower(hex(randomblob(8))), delegate = NULL"
        " WHERE voter = ?",
        person,
    )
    return count


# --- rolls --------------------------------------------------------------------------------------


async def add_roll(tx: Tx, poll: Number, voters: Sequence[Voter]) -> None:
    """Store the list of everybody who may vote in a poll."""
    await tx.many(
        "INSERT INTO poll_book_voter (poll, voter, name, weight, delegate, alternate)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [(poll, v.key, v.name, v.weight, v.delegate, v.alternate) for v in voters],
    )


async def drop_roll(tx: Tx, poll: Number) -> None:
    """Delete the list of everybody who may vote in a poll."""
    await tx.run("DELETE FROM poll_book_voter WHERE poll = ?", poll)


async def seats_of(tx: Tx, poll: Number, person: UserId) -> list[Seat]:
    """Return for which voters this person may vote in a poll: as a delegate first, votes given to
    them last."""
    rows = await tx.all(
        "SELECT 0 AS role, 0 AS rank, * FROM poll_book_voter WHERE delegate = ?1 AND poll = ?2"
        " UNION ALL SELECT 1, 1, * FROM poll_book_voter WHERE alternate = ?1 AND poll = ?2"
        " UNION ALL SELECT 2, p.distance, v.* FROM poll_book_proxy p JOIN poll_book_voter v"
        " ON v.poll = p.poll AND v.voter = p.voter WHERE p.holder = ?1 AND p.poll = ?2"
        " ORDER BY role, name, voter",
        person,
        poll,
    )
    return [Seat(_voter(row), _ROLES[row["role"]], row["rank"]) for row in rows]


async def roll_page(tx: Tx, poll: Number, limit: int, offset: int = 0) -> list[Voter]:
    """Return a page of those who may vote in a poll, by name."""
    rows = await tx.all(
        "SELECT * FROM poll_book_voter WHERE poll = ? ORDER BY name, voter LIMIT ? OFFSET ?",
        poll,
        limit,
        offset,
    )
    return [_voter(row) for row in rows]


async def voters_missing(tx: Tx, number: Number, limit: int, after: str = "") -> list[Any]:
    """Return voters of a poll who have not voted, ordered by key, after the key `after`."""
    return await tx.all(
        "SELECT v.voter, v.name, v.delegate, v.alternate FROM poll_book_voter v"
        " WHERE v.poll = ?1 AND v.voter > ?2 AND NOT EXISTS"
        " (SELECT 1 FROM poll_book_ballot b WHERE b.poll = ?1 AND b.voter = v.voter)"
        " ORDER BY v.voter LIMIT ?3",
        number,
        after,
        limit,
    )


async def whole_roll(tx: Tx, number: Number, limit: int, after: str = "") -> list[Any]:
    """Return up to `limit` of those who may vote in a poll, whether they voted or not, ordered by
    their key and beginning behind the key `after`. The columns are those of
    `voters_missing`."""
    return await tx.all(
        "SELECT voter, name, delegate, alternate FROM poll_book_voter"
        " WHERE poll = ? AND voter > ? ORDER BY voter LIMIT ?",
        number,
        after,
        limit,
    )


async def roll_totals(tx: Tx, poll: Number) -> tuple[int, int]:
    """Return how many may vote in a poll, and their weight together."""
    row = await tx.one(
        "SELECT count(*) AS size, coalesce(sum(weight), 0) AS weight"
        " FROM poll_book_voter WHERE poll = ?",
        poll,
    )
    return (int(row["size"]), int(row["weight"])) if row else (0, 0)


async def rolls_of(tx: Tx, person: UserId) -> list[tuple[Number, Seat]]:
    """Return each poll in which this person may vote, with the voter for whom: themselves, or an
    organisation for which they speak."""
    rows = await tx.all(
        "SELECT 0 AS role, * FROM poll_book_voter WHERE delegate = ?1"
        " UNION ALL SELECT 1, * FROM poll_book_voter WHERE alternate = ?1 ORDER BY poll,"
        " role, name",
        person,
    )
    return [(Number(row["poll"]), Seat(_voter(row), _ROLES[row["role"]])) for row in rows]


def _voter(row: Any) -> Voter:
    return Voter(row["voter"], row["name"], row["weight"], row["delegate"], row["alternate"])
