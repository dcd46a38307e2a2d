"""Store of incidents and appeals: sealed text, and people as keyed hashes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import Number, UserId, sealed_text
from commands.care import person_hash
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident or an appeal. `about` is the number appealed against; None for an incident.

    Without an `owner` nobody has taken it yet. `mark` is the keyed hash of the person who told it.
    """

    item: Number
    key: bytes
    about: Number | None
    mark: bytes
    reporter: UserId | None
    owner: UserId | None
    due: datetime
    closed: datetime | None
    reminded: int
    at: datetime


_WITH_ITEM = "SELECT i.*, item.at FROM incidents_incident i JOIN item ON item.number = i.item"


def _read(row: Any) -> Incident:
    return Incident(
        Number(row["item"]),
        bytes(row["key"]),
        Number(row["about"]) if row["about"] is not None else None,
        bytes(row["mark"]),
        UserId(row["reporter"]) if row["reporter"] else None,
        UserId(row["owner"]) if row["owner"] else None,
        datetime.fromtimestamp(row["due"], UTC),
        datetime.fromtimestamp(row["closed"], UTC) if row["closed"] is not None else None,
        row["reminded"],
        datetime.fromtimestamp(row["at"], UTC),
    )


async def add_incident(
    tx: Tx,
    item: Number,
    reporter: UserId,
    due: datetime,
    text: str,
    apart: Iterable[bytes],
    readers: Iterable[bytes],
    about: Number | None = None,
) -> None:
    """Store a new incident, its text encrypted with a key of its own.

    `due` (UTC) is when its readers are reminded. `apart` and `readers` are hashes of
    people (`person_hash`) to whom it is not shown, and is; `about` is an item it is about.
    """
    await tx.run(
        "INSERT INTO incidents_incident (item, key, about, mark, reporter, due)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        item,
        sealed_text.new_key(),
        about,
        await person_hash.hash_person(tx, reporter),
        reporter,
        due.timestamp(),
    )
    await admit_readers(tx, item, readers)
    await exclude_readers(tx, item, apart)
    await add_text(tx, item, text)


async def add_text(tx: Tx, item: Number, text: str) -> None:
    """Store what the reporter of an incident told later, encrypted with the incident's key."""
    row = await tx.one("SELECT key FROM incidents_incident WHERE item = ?", item)
    assert row is not None
    sealed = sealed_text.seal(bytes(row["key"]), _seal_context(item), text)
    await tx.run("INSERT INTO incidents_part (item, sealed) VALUES (?, ?)", item, sealed)


def _seal_context(item: Number) -> bytes:
    return b"incident|%d" % item


async def texts_of(tx: Tx, one: Incident) -> list[str]:
    """Return the decrypted texts told in an incident, in order."""
    rows = await tx.all("SELECT sealed FROM incidents_part WHERE item = ? ORDER BY id", one.item)
    return [
        sealed_text.unseal(one.key, _seal_context(one.item), bytes(row["sealed"])) for row in rows
    ]


async def get_incident(tx: Tx, item: Number) -> Incident | None:
    """Return the incident with this number, or None."""
    row = await tx.one(f"{_WITH_ITEM} WHERE i.item = ?", item)
    return _read(row) if row else None


async def appeal_of(tx: Tx, number: Number) -> Incident | None:
    """Return the newest appeal against the measure with that number."""
    row = await tx.one(f"{_WITH_ITEM} WHERE about = ? ORDER BY i.item DESC LIMIT 1", number)
    return _read(row) if row else None


async def open_incidents(tx: Tx, most: int) -> list[Incident]:
    """Return open incidents, the oldest first."""
    rows = await tx.all(f"{_WITH_ITEM} WHERE closed IS NULL ORDER BY i.item LIMIT ?", most)
    return [_read(row) for row in rows]


async def reported_by(tx: Tx, person: UserId) -> list[Incident]:
    """Return the incidents that a person reported, in the order of their numbers."""
    mark = await person_hash.hash_person(tx, person)
    return [_read(r) for r in await tx.all(f"{_WITH_ITEM} WHERE mark = ? ORDER BY i.item", mark)]


async def owned_by(tx: Tx, person: UserId) -> list[Incident]:
    """Return the incidents that a person takes care of, in the order of their numbers."""
    return [_read(r) for r in await tx.all(f"{_WITH_ITEM} WHERE owner = ? ORDER BY i.item", person)]


async def excluded_marks(tx: Tx, item: Number) -> set[bytes]:
    """Return the hashes (`person_hash`) of the people to whom the incident is not shown."""
    return set(await tx.column(bytes, "SELECT mark FROM incidents_apart WHERE item = ?", item))


async def exclude_readers(tx: Tx, item: Number, those: Iterable[bytes]) -> None:
    """Store that these people may not read an incident."""
    for one in those:
        await tx.run("INSERT OR IGNORE INTO incidents_apart VALUES (?, ?)", item, one)
        await tx.run("DELETE FROM incidents_reader WHERE item = ? AND mark = ?", item, one)


async def admit_readers(tx: Tx, item: Number, those: Iterable[bytes]) -> None:
    """Store that these people may read an incident, whatever its text says about them."""
    for one in those:
        await tx.run("INSERT OR IGNORE INTO incidents_reader VALUES (?, ?)", item, one)
        await tx.run("DELETE FROM incidents_apart WHERE item = ? AND mark = ?", item, one)


async def reader_marks(tx: Tx, item: Number) -> set[bytes]:
    """Return the hashes (`person_hash`) of the people to whom the incident is shown."""
    return set(await tx.column(bytes, "SELECT mark FROM incidents_reader WHERE item = ?", item))


async def set_owner(tx: Tx, item: Number, owner: UserId | None, due: datetime) -> None:
    """Store who takes care of the incident (None: nobody) and when (UTC) to remind them next."""
    await tx.run(
        "UPDATE incidents_incident SET owner = ?, due = ?, reminded = 0 WHERE item = ?",
        owner,
        due.timestamp(),
        item,
    )


async def count_reminder(tx: Tx, item: Number, due: datetime) -> None:
    """Count one more reminder of an incident, and store when (UTC) the next one is due."""
    await tx.run(
        "UPDATE incidents_incident SET reminded = reminded + 1, due = ? WHERE item = ?",
        due.timestamp(),
        item,
    )


async def close_incident(tx: Tx, item: Number, at: datetime) -> None:
    """Mark the incident as closed at an instant (UTC)."""
    await tx.run("UPDATE incidents_incident SET closed = ? WHERE item = ?", at.timestamp(), item)
