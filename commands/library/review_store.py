"""Store when keepers were asked to review resources, and the results."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.api import Number, RoomId, UserId
from commands.library.store import SELECT_RESOURCE, Resource, read_row
from storage.database import Tx


async def begin_rounds(tx: Tx, room: RoomId) -> bool:
    """Store that the room's library is reviewed daily. Return False if that was stored before."""
    return await tx.change("INSERT OR IGNORE INTO library_round VALUES (?)", room) > 0


async def end_rounds(tx: Tx, room: RoomId) -> None:
    """Store that the room's library is no longer reviewed daily."""
    await tx.run("DELETE FROM library_round WHERE room = ?", room)


async def has_resources(tx: Tx, room: RoomId) -> bool:
    """Return whether the room's library holds anything."""
    return await tx.exists("SELECT 1 FROM library_resource WHERE room = ? LIMIT 1", room)


async def due_resources(tx: Tx, room: RoomId, since: datetime, most: int) -> list[Resource]:
    """Return resources of the library last confirmed before `since`, and not asked about since
    then.

    Copies from other networks are left out, since these review them.
    """
    rows = await tx.all(
        f"{SELECT_RESOURCE} WHERE r.room = ?1 AND r.origin = '' AND r.reviewed <= ?2 AND"
        f" (r.asked IS NULL OR"
        " (r.doubtful AND r.asked <= ?2)) ORDER BY r.reviewed, r.item LIMIT ?3",
        room,
        int(since.timestamp()),
        most,
    )
    return [read_row(row) for row in rows]


async def set_asked(tx: Tx, items: Sequence[Number], at: datetime) -> None:
    """Store when (UTC) the keepers were asked whether these resources still hold."""
    rows = [(int(at.timestamp()), item) for item in items]
    await tx.many("UPDATE library_resource SET asked = ? WHERE item = ?", rows)


async def mark_unanswered(tx: Tx, room: RoomId, since: datetime) -> list[Number]:
    """Mark as unreviewed the resources asked about before `since`. Return their numbers."""
    rows = await tx.all(
        "SELECT item FROM library_resource WHERE room = ? AND asked <= ? AND NOT doubtful",
        room,
        int(since.timestamp()),
    )
    found = [Number(row["item"]) for row in rows]
    await mark_doubtful(tx, found)
    return found


async def mark_doubtful(tx: Tx, items: Sequence[Number]) -> None:
    """Mark these resources of the library as unreviewed, which people read beside their names."""
    await tx.many(
        "UPDATE library_resource SET doubtful = 1 WHERE item = ?", [(item,) for item in items]
    )


async def save_confirmed(tx: Tx, items: Sequence[Number], at: datetime) -> None:
    """Store that these resources of the library were confirmed to hold."""
    await tx.many(
        "UPDATE library_resource SET reviewed = ?, asked = NULL, doubtful = 0 WHERE item = ?",
        [(int(at.timestamp()), item) for item in items],
    )


async def resources_asked_of(tx: Tx, keeper: UserId, most: int) -> list[Resource]:
    """Return the resources about which this keeper is being asked, the longest waiting first."""
    rows = await tx.all(
        f"{SELECT_RESOURCE} WHERE r.keeper = ? AND r.asked IS NOT NULL ORDER BY r.asked,"
        f" r.item LIMIT ?",
        keeper,
        most,
    )
    return [read_row(row) for row in rows]
