"""Which rooms publish what they decide, since when, and by whom."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.api import Item, RoomId, UserId
from storage.database import Tx


async def standing_since(tx: Tx, room: RoomId) -> datetime | None:
    """Return since when (UTC) the room's decisions become public by themselves, or None if they do
    not."""
    row = await tx.one("SELECT since FROM publishing_standing WHERE room = ?", room)
    return datetime.fromtimestamp(row["since"], UTC) if row else None


async def set_standing(tx: Tx, room: RoomId, since: datetime | None, by: UserId) -> None:
    """Store that the room's decisions become public from now on; None ends it."""
    await tx.run("DELETE FROM publishing_standing WHERE room = ?", room)
    if since is not None:
        await tx.run(
            "INSERT INTO publishing_standing (room, since, last, by)"
            " SELECT ?, ?, coalesce(max(number), 0), ? FROM item",
            room,
            since.timestamp(),
            by,
        )


async def standing_author(tx: Tx, room: RoomId) -> UserId | None:
    """Return who had the room publish what it decides; None if it does not, or if they are gone."""
    found = await tx.column(str, "SELECT by FROM publishing_standing WHERE room = ?", room)
    return UserId(found[0]) if found and found[0] else None


async def opened_since(tx: Tx, item: Item) -> bool:
    """Return whether the item was opened in a room since that room publishes its decisions."""
    query = "SELECT 1 FROM publishing_standing WHERE room = ? AND last < ?"
    return await tx.exists(query, item.room, item.number)


async def restart_standing(tx: Tx) -> set[RoomId]:
    """Have rooms that publish what they decide do so with what opens from now on only. Return
    these rooms."""
    await tx.run(
        "UPDATE publishing_standing SET last = (SELECT coalesce(max(number), 0) FROM item)"
    )
    return {RoomId(room) for room in await tx.column(str, "SELECT room FROM publishing_standing")}


async def standing_by(tx: Tx, person: UserId) -> list[RoomId]:
    """Return the rooms in which a person set that decisions become public."""
    query = "SELECT room FROM publishing_standing WHERE by = ? ORDER BY room"
    return [RoomId(room) for room in await tx.column(str, query, person)]
