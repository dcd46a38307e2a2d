"""Rooms missing from a sync response, whose messages must be read from their history.

Fact `behind:<room>`: end of the last live sync before, in seconds; empty before the first.
"""

from __future__ import annotations

from datetime import UTC, datetime

from bot.types import RoomId
from storage import settings
from storage.database import Tx

_KIND = "behind:"


async def get_all(tx: Tx) -> dict[RoomId, datetime | None]:
    """Return these rooms and since when each is behind."""
    rows = await tx.all("SELECT name, value FROM fact WHERE name >= ? AND name < 'behind;'", _KIND)
    return {RoomId(r["name"].removeprefix(_KIND)): _time(r["value"]) for r in rows}


async def put(tx: Tx, room: RoomId, since: datetime | None) -> None:
    """Add a room."""
    await settings.set_fact(tx, _KIND + room, str(since.timestamp()) if since else "")


async def drop(tx: Tx, room: RoomId) -> None:
    """Remove a room whose history has been read."""
    await settings.drop_fact(tx, _KIND + room)


def _time(seconds: str) -> datetime | None:
    return datetime.fromtimestamp(float(seconds), UTC) if seconds else None
