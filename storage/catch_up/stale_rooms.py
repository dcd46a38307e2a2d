"""Rooms missing from a sync response, whose messages must be read from their history."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.types import RoomId
from storage.database import Tx


async def get_all(tx: Tx) -> dict[RoomId, datetime | None]:
    """Return the rooms whose history must be read anew, each with the end (UTC) of the last live
    sync before; None if there was none."""
    rows = await tx.all("SELECT room, since FROM stale_room")
    return {RoomId(row["room"]): _time(row["since"]) for row in rows}


async def put(tx: Tx, room: RoomId, since: datetime | None) -> None:
    """Store that a room's history must be read from the end of the last live sync, `since` (UTC);
    None if there was no live sync before."""
    at = since.timestamp() if since else None
    await tx.run("INSERT OR REPLACE INTO stale_room VALUES (?, ?)", room, at)


async def drop(tx: Tx, room: RoomId) -> None:
    """Delete the note that a room's history must be read, because it was."""
    await tx.run("DELETE FROM stale_room WHERE room = ?", room)


def _time(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None
