"""People whose Matrix identity was replaced (docs/decisions/0024).

The key store decides whose devices count. These rows are what people and capabilities see of it,
and a copy of its pins, so that a restore can't be used to bypass them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.types import UserId
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class WaitingIdentity:
    """A new identity that nobody confirmed yet. `key` identifies it.

    `spoke`: when the old identity was last active since. `told` is the key of which the rooms were
    told, at `told_at`. `denied`: somebody said that it is not the person.
    """

    person: UserId
    key: str
    changed: datetime
    spoke: datetime | None
    told: str
    told_at: datetime
    denied: bool


async def waiting_identity(tx: Tx, person: UserId) -> WaitingIdentity | None:
    """Return the new Matrix identity of a person that nobody has confirmed yet, or None if none
    waits."""
    row = await tx.one("SELECT * FROM identity WHERE person = ? AND key IS NOT NULL", person)
    return _waiting(row) if row else None


async def all_waiting(tx: Tx) -> list[WaitingIdentity]:
    """Return all unconfirmed identities, oldest first."""
    rows = await tx.all("SELECT * FROM identity WHERE key IS NOT NULL ORDER BY changed, person")
    return [_waiting(row) for row in rows]


async def since(tx: Tx, person: UserId) -> datetime | None:
    """Return since when (UTC) the person has their present identity, or None if always."""
    row = await tx.one("SELECT since, key, changed FROM identity WHERE person = ?", person)
    if row is None:
        return None
    at = row["changed"] if row["key"] is not None else row["since"]
    return None if at is None else datetime.fromtimestamp(at, UTC)


async def add_waiting(tx: Tx, person: UserId, key: str, at: datetime) -> None:
    """Store a new identity of a person that is not confirmed; it replaces an earlier one."""
    await tx.run(
        "INSERT INTO identity (person, key, changed) VALUES (?1, ?2, ?3)"
        " ON CONFLICT (person) DO UPDATE SET key = ?2, changed = ?3, spoke = NULL, denied = 0",
        person,
        key,
        at.timestamp(),
    )


async def mark_told(tx: Tx, person: UserId, key: str, at: datetime) -> None:
    """Store that the rooms were told of this new identity."""
    await tx.run(
        "UPDATE identity SET told = ?, told_at = ? WHERE person = ?", key, at.timestamp(), person
    )


async def mark_old_active(tx: Tx, person: UserId, at: datetime) -> None:
    """Store when (UTC) a device of the person's old identity was active."""
    await tx.run("UPDATE identity SET spoke = ? WHERE person = ?", at.timestamp(), person)


async def mark_denied(tx: Tx, person: UserId) -> None:
    """Store that somebody said the new identity is not the person's."""
    await tx.run("UPDATE identity SET denied = 1 WHERE person = ?", person)


async def confirm(tx: Tx, person: UserId, at: datetime) -> None:
    """Store that the new identity is the person's own."""
    await _clear_waiting(tx, person)
    await tx.run("UPDATE identity SET since = ? WHERE person = ?", at.timestamp(), person)


async def restore_old(tx: Tx, person: UserId) -> None:
    """Store that the old identity is valid again, so that no new one waits."""
    await _clear_waiting(tx, person)


async def _clear_waiting(tx: Tx, person: UserId) -> None:
    await tx.run(
        "UPDATE identity SET key = NULL, changed = NULL, spoke = NULL, told = NULL, told_at = NULL,"
        " denied = 0 WHERE person = ?",
        person,
    )


async def forget(tx: Tx, person: UserId) -> None:
    """Delete a person's settled change of identity.

    An unconfirmed identity stays, or else forgetting would bypass the check.
    """
    await tx.run("DELETE FROM identity WHERE person = ? AND key IS NULL", person)


async def save_pins(tx: Tx, pins: Sequence[tuple[str, str, int | None]]) -> None:
    """Replace the stored copy of the key store's pins (keys seen first)."""
    await tx.run("DELETE FROM identity_pin")
    await tx.many("INSERT INTO identity_pin VALUES (?, ?, ?)", pins)


async def pins(tx: Tx) -> list[tuple[str, str, int | None]]:
    """Return the stored copy of the key store's pins (keys seen first)."""
    rows = await tx.all("SELECT who, pin, gone FROM identity_pin ORDER BY who, pin")
    return [(row["who"], row["pin"], row["gone"]) for row in rows]


def _waiting(row: Any) -> WaitingIdentity:
    return WaitingIdentity(
        UserId(row["person"]),
        row["key"],
        _time(row["changed"]),
        _time(row["spoke"]) if row["spoke"] is not None else None,
        row["told"] or "",
        _time(row["told_at"] or 0),
        bool(row["denied"]),
    )


def _time(value: float) -> datetime:
    return datetime.fromtimestamp(value, UTC)
