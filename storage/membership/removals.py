"""Rooms that somebody took the bot out of, for whoever runs it to see. Kept for 90 days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from bot.types import RoomId
from storage import rooms
from storage.database import Tx

KEPT_FOR = timedelta(days=90)


class Removal(NamedTuple):
    """A room by the name that it had, and when the bot was taken out (UTC)."""

    name: str
    at: datetime


async def is_kept_for(tx: Tx, room: RoomId) -> bool:
    """Return whether a removal from `room` is to be stored: the bot is in it and it is one of the
    network's.

    Nothing is stored for private rooms, help rooms and link rooms.
    """
    return await rooms.is_network_room(tx, room)


async def note(tx: Tx, room: RoomId, at: datetime) -> None:
    """Store that somebody removed the bot from `room` at `at` (UTC)."""
    await tx.run(
        "INSERT OR REPLACE INTO removal SELECT room, name, ?2 FROM room WHERE room = ?1",
        room,
        at.timestamp(),
    )


async def take(tx: Tx, room: RoomId) -> datetime | None:
    """Delete the note that somebody took the bot out of a room, because the bot is in it again.
    Return when that was (UTC), or None if nobody did."""
    row = await tx.one("DELETE FROM removal WHERE room = ? RETURNING at", room)
    return datetime.fromtimestamp(row["at"], UTC) if row else None


async def forget_before(tx: Tx, at: datetime) -> None:
    """Delete the bot's removals from before `at`."""
    await tx.run("DELETE FROM removal WHERE at < ?", at.timestamp())


async def all_removals(tx: Tx) -> list[Removal]:
    """Return the bot's removals from rooms that it is still out of, the oldest first."""
    rows = await tx.all(
        "SELECT name, at FROM removal WHERE NOT EXISTS (SELECT 1 FROM room"
        " WHERE room.room = removal.room AND room.joined) ORDER BY at, removal.room"
    )
    return [Removal(row["name"], datetime.fromtimestamp(row["at"], UTC)) for row in rows]
