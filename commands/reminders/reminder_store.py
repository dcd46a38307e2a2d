"""Store of reminders beside their items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import EventId, Number, RoomId, UserId
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder. `due` (UTC) is when it rings next by itself; `rule` and `start` are set if it
    repeats."""

    item: Number
    title: str
    private: bool
    thread: EventId | None
    due: datetime
    zone: str
    rule: str | None = None
    start: datetime | None = None
    phrase: str | None = None


_WITH_ITEM = "SELECT r.*, item.title FROM reminders_reminder r JOIN item ON item.number = r.item"


def _reminder(row: Any) -> Reminder:
    return Reminder(
        Number(row["item"]),
        row["title"],
        bool(row["private"]),
        EventId(row["thread"]) if row["thread"] else None,
        datetime.fromtimestamp(row["due"], UTC),
        row["zone"],
        row["rule"],
        datetime.fromisoformat(row["start"]) if row["start"] else None,
        row["phrase"],
    )


async def put_reminder(tx: Tx, one: Reminder) -> None:
    """Store a new reminder. Its text is the item's title."""
    await tx.run(
        "INSERT INTO reminders_reminder VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        one.item,
        int(one.private),
        one.thread,
        one.due.timestamp(),
        one.zone,
        one.rule,
        one.start.isoformat() if one.start else None,
        one.phrase,
    )


async def get_reminder(tx: Tx, item: Number) -> Reminder | None:
    """Return the reminder with this number, or None."""
    row = await tx.one(f"{_WITH_ITEM} WHERE r.item = ?", item)
    return _reminder(row) if row else None


async def set_due(tx: Tx, item: Number, due: datetime) -> None:
    """Store when (UTC) the reminder rings next."""
    await tx.run("UPDATE reminders_reminder SET due = ? WHERE item = ?", due.timestamp(), item)


async def count_open(tx: Tx, person: UserId) -> int:
    """Return how many reminders of this person wait to ring."""
    return await tx.count(
        "SELECT count(*) AS n FROM reminders_reminder r JOIN item ON item.number = r.item"
        " WHERE item.author = ? AND item.open",
        person,
    )


async def open_reminders_of(tx: Tx, person: UserId) -> list[Reminder]:
    """Return the person's open reminders of all rooms, soonest first."""
    where = "WHERE item.author = ? AND item.open ORDER BY r.due, r.item"
    return [_reminder(row) for row in await tx.all(f"{_WITH_ITEM} {where}", person)]


async def open_reminders_in(tx: Tx, room: RoomId, person: UserId) -> list[Reminder]:
    """Return the room's open reminders, without private ones of others than `person`."""
    where = "WHERE item.room = ? AND item.open AND (NOT r.private OR item.author = ?)"
    order = "ORDER BY r.due, r.item"
    return [_reminder(r) for r in await tx.all(f"{_WITH_ITEM} {where} {order}", room, person)]


async def upcoming_reminders(
    tx: Tx, rooms: Sequence[RoomId], until: datetime, limit: int
) -> list[Reminder]:
    """Return public reminders of these rooms that ring by `until`, soonest first."""
    query = (
        f"{_WITH_ITEM} WHERE item.room = ? AND item.open AND NOT r.private AND r.due <= ?"
        " ORDER BY r.due, r.item LIMIT ?"
    )
    found = [
        _reminder(row)
        for room in rooms
        for row in await tx.all(query, room, until.timestamp(), limit)
    ]
    return sorted(found, key=lambda one: (one.due, one.item))[:limit]


async def public_reminders_by(tx: Tx, room: RoomId, person: UserId) -> list[Number]:
    """Return the open public reminders that this person set in the room."""
    return await tx.column(
        Number,
        "SELECT r.item FROM reminders_reminder r JOIN item ON item.number = r.item"
        " WHERE item.room = ? AND item.author = ? AND item.open AND NOT r.private ORDER BY r.item",
        room,
        person,
    )


async def clear_threads(tx: Tx, room: RoomId) -> None:
    """Remove the threads of reminders in a new room, which does not have those of the old one."""
    await tx.run(
        "UPDATE reminders_reminder SET thread = NULL WHERE item IN"
        " (SELECT number FROM item WHERE room = ?)",
        room,
    )


async def all_reminders_of(tx: Tx, person: UserId) -> list[Reminder]:
    """Return all reminders of this person, also those that have rung."""
    rows = await tx.all(f"{_WITH_ITEM} WHERE item.author = ? ORDER BY r.item", person)
    return [_reminder(row) for row in rows]
