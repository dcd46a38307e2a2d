"""Rooms of whose history the homeserver may still be fetching a part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.types import RoomId
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class GapCheck:
    """A room to check again. Nothing before `floor` is missing; `looks` counts failed checks."""

    room: RoomId
    floor: datetime
    looks: int


async def schedule(tx: Tx, room: RoomId, floor: datetime, due: datetime) -> None:
    """Schedule checks whether events that a sync left out have come, for this room. Counting starts
    again; no check is delayed."""
    await tx.run(
        "INSERT INTO hole VALUES (?1, ?2, 0, ?3) ON CONFLICT (room) DO UPDATE SET"
        " floor = min(floor, ?2), looks = 0, due = min(due, ?3)",
        room,
        floor.timestamp(),
        due.timestamp(),
    )


async def due_checks(tx: Tx, now: datetime) -> list[GapCheck]:
    """Return the rooms whose next check for missing events is due, the earliest first."""
    rows = await tx.all("SELECT * FROM hole WHERE due <= ? ORDER BY due", now.timestamp())
    return [GapCheck(RoomId(r["room"]), _time(r["floor"]), r["looks"]) for r in rows]


async def next_due(tx: Tx, but: Sequence[RoomId] = ()) -> datetime | None:
    """Return when (UTC) the next check for missing events is due, except in these rooms."""
    rows = await tx.all("SELECT room, due FROM hole ORDER BY due LIMIT ?", len(but) + 1)
    return next((_time(r["due"]) for r in rows if r["room"] not in but), None)


async def reschedule(tx: Tx, hole: GapCheck, looks: int, due: datetime) -> None:
    """Set when (UTC) a room is checked next, and how many checks found nothing new."""
    await tx.run(
        "UPDATE hole SET looks = ?, due = ? WHERE room = ?", looks, due.timestamp(), hole.room
    )


async def forget(tx: Tx, room: RoomId) -> None:
    """Delete a room's checks for missing events: its history is complete, or the bot has left
    it."""
    await tx.run("DELETE FROM hole WHERE room = ?", room)


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
