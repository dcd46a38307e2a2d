"""Storage of areas. An area without rooms does not exist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.api import RoomId, fold
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class RoomArea:
    """An area: its name, and its rooms in the order in which they were put in."""

    id: int
    name: str
    rooms: tuple[RoomId, ...]


def comparison_key(name: str) -> str:
    """Return an area's name in the form in which names are compared: no case, accents or spaces."""
    return "".join(c for c in fold(name) if c.isalnum())


async def find_area(tx: Tx, name: str) -> RoomArea | None:
    """Return the area of that name, or None."""
    row = await tx.one("SELECT * FROM onboarding_area WHERE heard = ?", comparison_key(name))
    return await _whole(tx, row) if row else None


async def all_areas(tx: Tx) -> list[RoomArea]:
    """Return all areas, by name."""
    rows = await tx.all("SELECT * FROM onboarding_area ORDER BY heard")
    return [await _whole(tx, row) for row in rows]


async def areas_of_room(tx: Tx, room: RoomId) -> list[RoomArea]:
    """Return the areas that a room is in."""
    rows = await tx.all(
        "SELECT a.* FROM onboarding_area a JOIN onboarding_area_room r ON r.area = a.id"
        " WHERE r.room = ? ORDER BY a.heard",
        room,
    )
    return [await _whole(tx, row) for row in rows]


async def _whole(tx: Tx, row: Any) -> RoomArea:
    rooms = await tx.all(
        "SELECT room FROM onboarding_area_room WHERE area = ? ORDER BY rowid", row["id"]
    )
    return RoomArea(row["id"], row["name"], tuple(RoomId(r["room"]) for r in rooms))


async def add_room(tx: Tx, name: str, room: RoomId) -> None:
    """Put the room into the area, which is made if there is none of this name. Idempotent."""
    await tx.run(
        "INSERT INTO onboarding_area (name, heard) VALUES (?, ?) ON CONFLICT (heard) DO NOTHING",
        name,
        comparison_key(name),
    )
    await tx.run(
        "INSERT OR IGNORE INTO onboarding_area_room"
        " SELECT id, ? FROM onboarding_area WHERE heard = ?",
        room,
        comparison_key(name),
    )


async def remove_room(tx: Tx, area: RoomArea, room: RoomId) -> None:
    """Take the room out of the area. An area without rooms is deleted."""
    await tx.run("DELETE FROM onboarding_area_room WHERE area = ? AND room = ?", area.id, room)
    await tx.run(
        "DELETE FROM onboarding_area WHERE id = ?1"
        " AND NOT EXISTS (SELECT 1 FROM onboarding_area_room WHERE area = ?1)",
        area.id,
    )
