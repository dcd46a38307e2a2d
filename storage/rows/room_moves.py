"""Moves the core's data of a room to the room that replaced it."""

from __future__ import annotations

from bot.types import RoomId, UserId
from storage import rooms, search_index, sent_events
from storage.database import Tx
from storage.membership import departures
from storage.rows import declared_rows
from storage.rows.core_rows import CORE_ROWS


async def move_room(tx: Tx, old: RoomId, new: RoomId) -> None:
    """Move a room's settings, items, jobs, search entries, open questions and log to the room that
    replaced it.

    Posted messages stay. Undelivered entries stay, because the old room may have accepted them.
    Settings of the new room take precedence.
    """
    await declared_rows.move_rows(tx, CORE_ROWS, old, new)
    await search_index.move_room(tx, old, new)
    # Threads do not move, nor do questions in them.
    await tx.run(
        "UPDATE OR IGNORE question SET room = ?, event = NULL WHERE room = ? AND thread = ''",
        new,
        old,
    )
    await tx.run("DELETE FROM question WHERE room = ?", old)
    await sent_events.move_room(tx, old, new)
    await departures.copy_departures(tx, old, new)
    await tx.run("INSERT OR REPLACE INTO room_move VALUES (?, ?)", old, new)


async def successor_of(tx: Tx, old: RoomId) -> RoomId | None:
    """Return the room that replaced this one, or None."""
    row = await tx.one("SELECT new FROM room_move WHERE old = ?", old)
    return RoomId(row["new"]) if row else None


async def move_private_room(tx: Tx, old: RoomId, new: RoomId, person: UserId) -> None:
    """Store that a person's private room was replaced by another one."""
    await move_room(tx, old, new)
    await rooms.set_private(tx, old, None)
    await rooms.set_private(tx, new, person)
    await tx.run("UPDATE person SET private = ? WHERE private = ?", new, old)
