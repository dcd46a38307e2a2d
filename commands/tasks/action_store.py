"""Store of calls for action: steps and counts. Who did what is kept only until the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.api import Number, RoomId, UserId
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class ActionStep:
    """A step of a call for action, and how many people did it."""

    words: str
    count: int


@dataclass(frozen=True, slots=True)
class Action:
    """A call with its steps in order. `ends` is UTC."""

    item: Number
    title: str
    room: RoomId
    open: bool
    ends: datetime
    steps: tuple[ActionStep, ...]


async def put_action(
    tx: Tx, item: Number, room: RoomId, ends: datetime, steps: Sequence[str]
) -> None:
    """Store a call for action that ends at an instant (UTC), with its steps in order."""
    await tx.run(
        "INSERT INTO tasks_action (item, room, ends) VALUES (?, ?, ?)", item, room, ends.timestamp()
    )
    rows = [(item, place, step) for place, step in enumerate(steps, start=1)]
    await tx.many("INSERT INTO tasks_step (item, place, words) VALUES (?, ?, ?)", rows)


async def get_action(tx: Tx, item: Number) -> Action | None:
    """Return the call for action with this number, or None."""
    row = await tx.one(
        "SELECT a.*, i.title FROM tasks_action a JOIN item i ON i.number = a.item WHERE item = ?",
        item,
    )
    if row is None:
        return None
    steps = await tx.all("SELECT * FROM tasks_step WHERE item = ? ORDER BY place", item)
    return Action(
        item,
        row["title"],
        RoomId(row["room"]),
        bool(row["open"]),
        datetime.fromtimestamp(row["ends"], UTC),
        tuple(ActionStep(step["words"], step["count"]) for step in steps),
    )


async def open_actions(tx: Tx, room: RoomId, limit: int) -> list[Action]:
    """Return the open calls for action of a room, the first to end first."""
    rows = await tx.all(
        "SELECT item FROM tasks_action WHERE room = ? AND open ORDER BY ends, item LIMIT ?",
        room,
        limit,
    )
    found = [await get_action(tx, Number(row["item"])) for row in rows]
    return [one for one in found if one is not None]


async def all_open_actions(tx: Tx) -> list[Action]:
    """Return the open calls for action of all rooms, oldest first."""
    numbers = await tx.column(Number, "SELECT item FROM tasks_action WHERE open ORDER BY item")
    found = [await get_action(tx, number) for number in numbers]
    return [one for one in found if one is not None]


async def add_doer(tx: Tx, item: Number, place: int, person: UserId) -> bool:
    """Store that this person did a step of a call for action. Return False if that was stored
    before."""
    fresh = await tx.change("INSERT OR IGNORE INTO tasks_did VALUES (?, ?, ?)", item, place, person)
    if fresh:
        await _change_count(tx, item, place, 1)
    return bool(fresh)


async def remove_doer(tx: Tx, item: Number, place: int, person: UserId) -> bool:
    """Store that this person did not do a step of a call for action. Return False if they were not
    stored."""
    gone = await tx.change(
        "DELETE FROM tasks_did WHERE item = ? AND place = ? AND person = ?", item, place, person
    )
    if gone:
        await _change_count(tx, item, place, -1)
    return bool(gone)


async def _change_count(tx: Tx, item: Number, place: int, more: int) -> None:
    await tx.run(
        "UPDATE tasks_step SET count = count + ? WHERE item = ? AND place = ?", more, item, place
    )


async def steps_of(tx: Tx, person: UserId, item: Number | None = None) -> list[tuple[Number, int]]:
    """Return the calls for action and their steps that this person has done, of all calls or of
    one."""
    rows = await tx.all(
        "SELECT item, place FROM tasks_did WHERE person = ?1 AND (?2 IS NULL OR item = ?2)"
        " ORDER BY item, place",
        person,
        item,
    )
    return [(Number(row["item"]), row["place"]) for row in rows]


async def end_action(tx: Tx, item: Number) -> None:
    """Store that a call for action has ended. Its counts stay; who did what is deleted."""
    await tx.run("UPDATE tasks_action SET open = 0 WHERE item = ?", item)
    await tx.run("DELETE FROM tasks_did WHERE item = ?", item)
