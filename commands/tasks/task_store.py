"""Store of tasks beside their items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import Number, RoomId, UserId, items
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Task:
    """A task. `due` is UTC; if not `timed`, it is the end of a day in `zone`."""

    item: Number
    title: str
    room: RoomId
    author: UserId
    open: bool
    due: datetime | None
    timed: bool
    zone: str
    people: tuple[UserId, ...] = ()


_TASK = (
    "SELECT t.*, i.title, i.author,"
    " (SELECT group_concat(person, ' ') FROM tasks_who w WHERE w.item = t.item) AS people"
    " FROM tasks_task t JOIN item i ON i.number = t.item"
)
_SOONEST = "ORDER BY t.due IS NULL, t.due, t.item LIMIT ? OFFSET ?"


def _task(row: Any) -> Task:
    return Task(
        Number(row["item"]),
        row["title"],
        RoomId(row["room"]),
        UserId(row["author"]),
        bool(row["open"]),
        datetime.fromtimestamp(row["due"], UTC) if row["due"] is not None else None,
        bool(row["timed"]),
        row["zone"],
        tuple(UserId(one) for one in (row["people"] or "").split()),
    )


async def put_task(tx: Tx, item: Number, room: RoomId, zone: str, people: Sequence[UserId]) -> None:
    """Store an open task without a date, and who does it. `zone` is that of its room."""
    await tx.run("INSERT INTO tasks_task (item, room, zone) VALUES (?, ?, ?)", item, room, zone)
    await set_people(tx, item, people)


async def set_people(tx: Tx, item: Number, people: Sequence[UserId]) -> None:
    """Store who does a task, replacing everybody before."""
    await tx.run("DELETE FROM tasks_who WHERE item = ?", item)
    await tx.many("INSERT OR IGNORE INTO tasks_who VALUES (?, ?)", [(item, one) for one in people])


async def set_due(tx: Tx, item: Number, due: datetime, zone: str, *, timed: bool) -> None:
    """Store when (UTC) a task is due; unless `timed` it is that whole day in `zone`."""
    await tx.run(
        "UPDATE tasks_task SET due = ?, timed = ?, zone = ? WHERE item = ?",
        due.timestamp(),
        int(timed),
        zone,
        item,
    )


async def rename(tx: Tx, item: Number, title: str) -> None:
    """Store another title for a task."""
    await items.set_title(tx, item, title)


async def set_open(tx: Tx, item: Number, *, is_open: bool) -> None:
    """Store whether a task is open or closed."""
    await tx.run("UPDATE tasks_task SET open = ? WHERE item = ?", int(is_open), item)


async def get_task(tx: Tx, item: Number) -> Task | None:
    """Return the task with this number, or None."""
    row = await tx.one(f"{_TASK} WHERE t.item = ?", item)
    return _task(row) if row else None


async def open_tasks_in(tx: Tx, room: RoomId, limit: int, skip: int = 0) -> list[Task]:
    """Return the room's open tasks, soonest first."""
    rows = await tx.all(f"{_TASK} WHERE t.room = ? AND t.open {_SOONEST}", room, limit, skip)
    return [_task(row) for row in rows]


async def free_tasks_in(tx: Tx, room: RoomId, limit: int) -> list[Task]:
    """Return the room's open tasks that nobody has taken, soonest first."""
    rows = await tx.all(
        f"{_TASK} WHERE t.room = ? AND t.open"  # noqa: S608
        f" AND NOT EXISTS (SELECT 1 FROM tasks_who w WHERE w.item = t.item) {_SOONEST}",
        room,
        limit,
        0,
    )
    return [_task(row) for row in rows]


async def count_open(tx: Tx, room: RoomId) -> int:
    """Return how many open tasks a room has."""
    return await tx.count("SELECT count(*) AS n FROM tasks_task WHERE room = ? AND open", room)


async def open_tasks_of(tx: Tx, person: UserId, limit: int, skip: int = 0) -> list[Task]:
    """Return the person's open tasks in rooms that they are in, soonest first."""
    rows = await tx.all(
        f"{_TASK} JOIN tasks_who mine ON mine.item = t.item AND mine.person = ?"
        " JOIN member m ON m.room = t.room AND m.person = mine.person AND m.membership = 'join'"
        f" WHERE t.open {_SOONEST}",
        person,
        limit,
        skip,
    )
    return [_task(row) for row in rows]


async def all_tasks_of(tx: Tx, person: UserId) -> list[Task]:
    """Return all tasks that the person has or had."""
    rows = await tx.all(
        f"{_TASK} JOIN tasks_who mine ON mine.item = t.item AND mine.person = ? ORDER BY t.item",
        person,
    )
    return [_task(row) for row in rows]


async def remove_from_room(tx: Tx, person: UserId, room: RoomId) -> list[Number]:
    """Remove the person from the room's open tasks. Return the tasks that nobody has now."""
    rows = await tx.all(
        "SELECT w.item FROM tasks_who w JOIN tasks_task t ON t.item = w.item"
        " WHERE w.person = ? AND t.room = ? AND t.open ORDER BY w.item",
        person,
        room,
    )
    free = []
    for row in rows:
        await tx.run("DELETE FROM tasks_who WHERE item = ? AND person = ?", row["item"], person)
        if await tx.one("SELECT 1 FROM tasks_who WHERE item = ? LIMIT 1", row["item"]) is None:
            free.append(Number(row["item"]))
    return free
