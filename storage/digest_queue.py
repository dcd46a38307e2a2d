"""Messages that wait for a room's daily digest."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.types import RoomId, UserId
from storage.database import Tx

KEPT_FOR = timedelta(days=7)
MOST_KEPT = 200
"""Most messages kept per room; then the oldest is deleted."""


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """A message for the digest."""

    at: datetime
    text: str


def _entry(row: Any) -> DigestEntry:
    return DigestEntry(datetime.fromtimestamp(row["at"], UTC), row["text"])


async def add(tx: Tx, room: RoomId, text: str, named: Iterable[UserId], at: datetime) -> bool:
    """Store a message for a room's daily digest. Return whether it is the first since the last
    digest."""
    first = await tx.one("SELECT 1 FROM held WHERE room = ? AND NOT told LIMIT 1", room) is None
    await tx.run(
        "INSERT INTO held (room, at, text, named) VALUES (?, ?, ?, ?)",
        room,
        at.timestamp(),
        text,
        json.dumps(sorted(named)),
    )
    await tx.run(
        "DELETE FROM held WHERE id IN"
        " (SELECT id FROM held WHERE room = ? ORDER BY id DESC LIMIT -1 OFFSET ?)",
        room,
        MOST_KEPT,
    )
    return first


async def take(tx: Tx, room: RoomId) -> list[DigestEntry]:
    """Return a room's digest messages that were not posted yet, oldest first, and mark them as
    posted."""
    rows = await tx.all("SELECT at, text FROM held WHERE room = ? AND NOT told ORDER BY id", room)
    await tx.run("UPDATE held SET told = 1 WHERE room = ?", room)
    return [_entry(row) for row in rows]


async def recent(tx: Tx, room: RoomId, limit: int, offset: int) -> list[DigestEntry]:
    """Return messages stored for a room's digest, newest first."""
    rows = await tx.all(
        "SELECT at, text FROM held WHERE room = ? ORDER BY id DESC LIMIT ? OFFSET ?",
        room,
        limit,
        offset,
    )
    return [_entry(row) for row in rows]


async def forget_person(tx: Tx, person: UserId) -> None:
    """Delete digest messages that name this person."""
    await tx.run(
        "DELETE FROM held WHERE EXISTS (SELECT 1 FROM json_each(named) WHERE value = ?)", person
    )


async def forget_before(tx: Tx, at: datetime) -> None:
    """Delete messages that were stored for digests before an instant (UTC)."""
    await tx.run("DELETE FROM held WHERE at < ?", at.timestamp())
