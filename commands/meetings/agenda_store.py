"""The agenda in the database: points of a meeting, and those proposed for the next one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.api import Number, RoomId, UserId
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class AgendaPoint:
    """A point of the agenda. `length` is how long it may take, if that was said. Times are UTC."""

    id: int
    title: str
    length: timedelta | None
    person: UserId
    started: datetime | None
    ended: datetime | None

    @property
    def is_current(self) -> bool:
        """Whether the point is being discussed now."""
        return self.started is not None and self.ended is None

    def over(self) -> datetime | None:
        """Return when the time of the agenda point is over (UTC), or None without a limit."""
        return self.started + self.length if self.started and self.length else None


def _point(row: Any) -> AgendaPoint:
    return AgendaPoint(
        row["id"],
        row["title"],
        timedelta(seconds=row["length"]) if row["length"] is not None else None,
        UserId(row["person"]),
        datetime.fromtimestamp(row["started"], UTC) if row["started"] is not None else None,
        datetime.fromtimestamp(row["ended"], UTC) if row["ended"] is not None else None,
    )


async def add_point(
    tx: Tx,
    room: RoomId,
    thread: str,
    meeting: Number | None,
    title: str,
    length: timedelta | None,
    person: UserId,
) -> int:
    """Store an agenda point and return its id. `meeting` is None for the next meeting."""
    return await tx.run(
        "INSERT INTO meetings_point (room, thread, meeting, title, length, person)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        room,
        thread,
        meeting,
        title,
        int(length.total_seconds()) if length else None,
        person,
    )


async def proposed_points(tx: Tx, room: RoomId, thread: str) -> list[AgendaPoint]:
    """Return the points proposed for the next meeting here, in order."""
    rows = await tx.all(
        "SELECT * FROM meetings_point WHERE room = ? AND thread = ? AND meeting IS NULL"
        " ORDER BY id",
        room,
        thread,
    )
    return [_point(row) for row in rows]


async def points_of_meeting(tx: Tx, meeting: Number) -> list[AgendaPoint]:
    """Return the points of a meeting's agenda in their order."""
    rows = await tx.all("SELECT * FROM meetings_point WHERE meeting = ? ORDER BY id", meeting)
    return [_point(row) for row in rows]


async def take_up_proposed(tx: Tx, room: RoomId, thread: str, meeting: Number) -> None:
    """Move the proposed agenda points to this meeting."""
    await tx.run(
        "UPDATE meetings_point SET meeting = ? WHERE room = ? AND thread = ? AND meeting IS NULL",
        meeting,
        room,
        thread,
    )


async def start_point(tx: Tx, point: int, at: datetime) -> None:
    """Store that an agenda point is being discussed now. A point that was ended is resumed."""
    await tx.run(
        "UPDATE meetings_point SET started = coalesce(started, ?), ended = NULL WHERE id = ?",
        at.timestamp(),
        point,
    )


async def end_current_point(tx: Tx, meeting: Number, at: datetime) -> None:
    """Store that the agenda point being discussed is ended."""
    await tx.run(
        "UPDATE meetings_point SET ended = max(?, started)"
        " WHERE meeting = ? AND started IS NOT NULL AND ended IS NULL",
        at.timestamp(),
        meeting,
    )


async def set_length(tx: Tx, point: int, length: timedelta) -> None:
    """Store how long an agenda point may take."""
    await tx.run(
        "UPDATE meetings_point SET length = ? WHERE id = ?", int(length.total_seconds()), point
    )


async def remove_point(tx: Tx, point: int) -> None:
    """Delete a point."""
    await tx.run("DELETE FROM meetings_point WHERE id = ?", point)


async def leave_undiscussed(tx: Tx, meeting: Number) -> int:
    """Move undiscussed agenda points to the next meeting and return how many.

    The names of those who proposed the others are deleted.
    """
    await tx.run(
        "UPDATE meetings_point SET person = '' WHERE meeting = ? AND started IS NOT NULL", meeting
    )
    return await tx.change(
        "UPDATE meetings_point SET meeting = NULL WHERE meeting = ? AND started IS NULL", meeting
    )
