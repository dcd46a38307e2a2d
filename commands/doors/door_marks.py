"""What is under way at a door: scheduled looks and messages, and who was told to wait."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.api import Number, RoomId
from storage.database import Tx

CROWD_LIFETIME = timedelta(days=1)
"""How long people who were told to wait are counted."""


async def mark_look(tx: Tx, room: RoomId) -> bool:
    """Store that a look for those who wait outside a door is scheduled. Return False if one was."""
    query = (
        "INSERT INTO doors_door (room, looks) VALUES (?, 1)"
        " ON CONFLICT (room) DO UPDATE SET looks = 1 WHERE NOT looks"
    )
    return await tx.change(query, room) > 0


async def clear_look(tx: Tx, room: RoomId) -> None:
    """Store that no look for people who wait at this door, to ask or let them in, is scheduled."""
    await tx.run("UPDATE doors_door SET looks = 0 WHERE room = ?", room)


async def mark_knocks(tx: Tx, room: RoomId, first: int) -> bool:
    """Store that knocks from this request on are told to the members together. Return False if
    others were."""
    query = (
        "INSERT INTO doors_door (room, knocks_from) VALUES (?, ?) ON CONFLICT (room)"
        " DO UPDATE SET knocks_from = excluded.knocks_from WHERE knocks_from IS NULL"
    )
    return await tx.change(query, room, first) > 0


async def take_knocks(tx: Tx, room: RoomId) -> Number:
    """Return the first of the requests whose knocks are told together, or 0, and delete the
    mark."""
    row = await tx.one("SELECT knocks_from FROM doors_door WHERE room = ?", room)
    await tx.run("UPDATE doors_door SET knocks_from = NULL WHERE room = ?", room)
    return Number(row["knocks_from"] or 0) if row else Number(0)


async def count_in_crowd(tx: Tx, room: RoomId, server: str, now: datetime) -> int:
    """Count one more person of that homeserver who has to wait at the door. Return how many there
    were in a day."""
    before = (now - CROWD_LIFETIME).timestamp()
    await tx.run("DELETE FROM doors_crowd WHERE since <= ?", before)
    row = await tx.one(
        "INSERT INTO doors_crowd VALUES (?, ?, ?, 1)"
        " ON CONFLICT (room, server) DO UPDATE SET told = told + 1 RETURNING told",
        room,
        server,
        now.timestamp(),
    )
    return int(row["told"]) if row else 0


async def move_room(tx: Tx, old: RoomId, new: RoomId) -> None:
    """Move what is stored about the door of an upgraded room to the one that replaces it."""
    await tx.run(
        "INSERT INTO doors_door SELECT ?, looks, knocks_from FROM doors_door"
        " WHERE room = ? ON CONFLICT (room) DO UPDATE SET looks = max(looks, excluded.looks),"
        " knocks_from = coalesce(knocks_from, excluded.knocks_from)",
        new,
        old,
    )
    await tx.run("UPDATE OR IGNORE doors_crowd SET room = ? WHERE room = ?", new, old)
    for table in ("doors_door", "doors_crowd"):
        await tx.run(f"DELETE FROM {table} WHERE room = ?", old)  # noqa: S608
