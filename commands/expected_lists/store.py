"""Storage of lists: addresses are sealed with the list's key and found by a keyed hash."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import Number, RoomId, UserId, sealed_text
from storage.database import Tx

_WITH_ITEM = (
    "SELECT e.*, item.author, item.room FROM expected_lists_list e"
    " JOIN item ON item.number = e.item WHERE item.open"
)


@dataclass(frozen=True, slots=True)
class ExpectedList:
    """An open list of expected people. `room` is where it was made."""

    item: Number
    area: str
    key: bytes
    expires: datetime
    author: UserId
    room: RoomId


@dataclass(frozen=True, slots=True)
class ExpectedPerson:
    """A person on a list, and when they were let in by it."""

    person: UserId
    came_at: datetime | None


def _expected_list(row: Any) -> ExpectedList:
    return ExpectedList(
        Number(row["item"]),
        row["area"],
        bytes(row["key"]),
        datetime.fromtimestamp(row["expires"], UTC),
        UserId(row["author"]),
        RoomId(row["room"]),
    )


def _moment(stamp: float | None) -> datetime | None:
    return None if stamp is None else datetime.fromtimestamp(stamp, UTC)


def _person_hash(key: bytes, person: UserId) -> bytes:
    """Return the keyed hash by which a person is found on a list."""
    return hmac.digest(key, person.encode(), "sha256")


def _associated_data(item: Number) -> bytes:
    return b"list|%d" % item


async def add_list(tx: Tx, item: Number, area: str, expires: datetime) -> ExpectedList:
    """Store a new list of expected people, with nobody on it, and return it."""
    await tx.run(
        "INSERT INTO expected_lists_list VALUES (?, ?, ?, ?)",
        item,
        area,
        sealed_text.new_key(),
        expires.timestamp(),
    )
    made = await get_list(tx, item)
    assert made is not None
    return made


async def get_list(tx: Tx, item: Number) -> ExpectedList | None:
    """Return the open list of expected people with this number, or None."""
    row = await tx.one(f"{_WITH_ITEM} AND e.item = ?", item)
    return _expected_list(row) if row else None


async def open_lists(tx: Tx) -> list[ExpectedList]:
    """Return all open lists of expected people."""
    return [_expected_list(row) for row in await tx.all(f"{_WITH_ITEM} ORDER BY e.item")]


async def add_people(tx: Tx, one: ExpectedList, people: Iterable[UserId]) -> int:
    """Add people to a list of expected people. Return how many were not on it before."""
    before = await count_people(tx, one)
    await tx.many(
        "INSERT OR IGNORE INTO expected_lists_person (list, mark, sealed) VALUES (?, ?, ?)",
        [
            (
                one.item,
                _person_hash(one.key, p),
                sealed_text.seal(one.key, _associated_data(one.item), p),
            )
            for p in people
        ],
    )
    return await count_people(tx, one) - before


async def remove_person(tx: Tx, one: ExpectedList, person: UserId) -> bool:
    """Take a person off a list of expected people. Return False if they were not on it."""
    query = "DELETE FROM expected_lists_person WHERE list = ? AND mark = ?"
    gone = await tx.change(query, one.item, _person_hash(one.key, person))
    tx.shred()
    return gone > 0


async def count_people(tx: Tx, one: ExpectedList) -> int:
    """Return how many people are on the list of expected people."""
    query = "SELECT count(*) AS n FROM expected_lists_person WHERE list = ?"
    return await tx.count(query, one.item)


async def expected_people(tx: Tx, one: ExpectedList) -> list[ExpectedPerson]:
    """Return the people on a list of expected people, those who came first."""
    rows = await tx.all(
        "SELECT * FROM expected_lists_person WHERE list = ? ORDER BY came IS NULL, came, rowid",
        one.item,
    )
    place = _associated_data(one.item)
    return [
        ExpectedPerson(
            UserId(sealed_text.unseal(one.key, place, bytes(r["sealed"]))), _moment(r["came"])
        )
        for r in rows
    ]


async def find_person(tx: Tx, one: ExpectedList, person: UserId) -> ExpectedPerson | None:
    """Return the person's entry on a list of expected people, or None if they are not on it."""
    query = "SELECT came FROM expected_lists_person WHERE list = ? AND mark = ?"
    row = await tx.one(query, one.item, _person_hash(one.key, person))
    return ExpectedPerson(person, _moment(row["came"])) if row else None


async def lists_with_person(tx: Tx, person: UserId, at: datetime) -> list[ExpectedList]:
    """Return the lists of expected people that are not expired at `at` (UTC) and have this person
    on them."""
    found = [one for one in await open_lists(tx) if one.expires > at]
    return [one for one in found if await find_person(tx, one, person) is not None]


async def record_arrival(tx: Tx, one: ExpectedList, person: UserId, at: datetime) -> None:
    """Record that a list of expected people let this person in at `at` (UTC)."""
    await tx.run(
        "UPDATE expected_lists_person SET came = ? WHERE list = ? AND mark = ?",
        at.timestamp(),
        one.item,
        _person_hash(one.key, person),
    )


async def shred_list(tx: Tx, item: Number) -> None:
    """Delete key and people of a list of expected people, from the write-ahead log too."""
    await tx.run("DELETE FROM expected_lists_person WHERE list = ?", item)
    await tx.run("DELETE FROM expected_lists_list WHERE item = ?", item)
    tx.shred()


async def forget_person(tx: Tx, person: UserId) -> int:
    """Take a person off all lists of expected people. Return how many there were."""
    gone = 0
    for one in await open_lists(tx):
        gone += await remove_person(tx, one, person)
    return gone
