"""Store which rooms are about to be closed, and read what is in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import Item, Number, RoomId, items
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class ClosingPlan:
    """A room that closes at `at` (UTC). `keep` is the room whose library takes what it holds.

    `together`: with the other rooms of a cohort, so that `keep` is told once, at the end.
    """

    item: Number
    room: RoomId
    at: datetime
    keep: RoomId | None
    together: bool = False


_PLAN = "SELECT p.*, item.room FROM closing_plan p JOIN item ON item.number = p.item AND item.open"


def _plan(row: Any) -> ClosingPlan:
    return ClosingPlan(
        Number(row["item"]),
        RoomId(row["room"]),
        datetime.fromtimestamp(row["at"], UTC),
        RoomId(row["keep"]) if row["keep"] else None,
        bool(row["together"]),
    )


async def put_plan(tx: Tx, plan: ClosingPlan) -> None:
    """Store a plan to close a room; of one that is stored already, change only its time."""
    await tx.run(
        "INSERT INTO closing_plan VALUES (?, ?, ?, ?)"
        " ON CONFLICT (item) DO UPDATE SET at = excluded.at",
        plan.item,
        plan.at.timestamp(),
        plan.keep or "",
        int(plan.together),
    )


async def set_keep(tx: Tx, plan: ClosingPlan) -> None:
    """Store which room takes over the library when a planned closing is carried out."""
    await tx.run("UPDATE closing_plan SET keep = ? WHERE item = ?", plan.keep or "", plan.item)


async def get_plan(tx: Tx, item: Number) -> ClosingPlan | None:
    """Return the plan to close a room with this number while it is open, or None."""
    row = await tx.one(f"{_PLAN} WHERE p.item = ?", item)
    return _plan(row) if row else None


async def plan_for(tx: Tx, room: RoomId) -> ClosingPlan | None:
    """Return the open plan to close this room, or None."""
    row = await tx.one(f"{_PLAN} WHERE item.room = ?", room)
    return _plan(row) if row else None


async def all_plans(tx: Tx) -> list[ClosingPlan]:
    """Return all open plans to close rooms, the oldest first."""
    return [_plan(row) for row in await tx.all(f"{_PLAN} ORDER BY p.item")]


async def delete_plan(tx: Tx, item: Number) -> None:
    """Delete a plan to close a room that was cancelled, so that those left are of rooms that
    closed."""
    await tx.run("DELETE FROM closing_plan WHERE item = ?", item)


async def was_closed(tx: Tx, room: RoomId) -> bool:
    """Return whether the room was closed, also while the homeserver doesn't know it yet."""
    query = "SELECT count(*) AS n FROM closing_plan p JOIN item ON number = p.item"
    return bool(await tx.count(f"{query} WHERE item.room = ? AND NOT item.open", room))


async def ended_items(tx: Tx, room: RoomId) -> list[Item]:
    """Return the closed items of a room, the oldest first."""
    numbers = await tx.column(
        Number, "SELECT number FROM item WHERE room = ? AND NOT open ORDER BY number", room
    )
    return await items.get_each(tx, numbers)
