"""Storage of the lists of who waits at the doors: which request stands on which list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import Number, RoomId
from commands.doors.store import Request, get_request
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class WaitingList:
    """A list that is posted in `room`. `posted` is None until then; `is_over`: a newer one is."""

    item: Number
    room: RoomId
    posted: datetime | None
    edited: datetime
    is_over: bool


def _list(row: Any) -> WaitingList:
    posted = row["posted"]
    return WaitingList(
        Number(row["item"]),
        RoomId(row["room"]),
        datetime.fromtimestamp(posted, UTC) if posted is not None else None,
        datetime.fromtimestamp(row["edited"], UTC),
        bool(row["is_over"]),
    )


async def add_list(tx: Tx, item: Number) -> None:
    """Store a new list of people who wait at the doors, with nobody on it yet."""
    await tx.run("INSERT INTO doors_list (item) VALUES (?)", item)


async def get_list(tx: Tx, item: Number) -> WaitingList | None:
    """Return the list of who waits at the doors with this number, or None."""
    query = "SELECT l.*, room FROM doors_list l JOIN item ON number = l.item WHERE l.item = ?"
    row = await tx.one(query, item)
    return _list(row) if row else None


async def newest_list(tx: Tx, room: RoomId) -> WaitingList | None:
    """Return the list of who waits at the doors that was posted last in this room and is not over,
    or None."""
    row = await tx.one(
        "SELECT l.*, room FROM doors_list l JOIN item ON number = l.item"
        " WHERE room = ? AND NOT is_over ORDER BY l.item DESC LIMIT 1",
        room,
    )
    return _list(row) if row else None


async def list_of(tx: Tx, request: Number) -> WaitingList | None:
    """Return the list of waiting requests on which this request to join stands, or None."""
    row = await tx.one("SELECT list FROM doors_listed WHERE request = ?", request)
    return await get_list(tx, Number(row["list"])) if row else None


async def put_on_list(tx: Tx, item: Number, requests: Sequence[Request]) -> None:
    """Put these requests to join on this list of who waits at the doors, and off any other."""
    await tx.many(
        "INSERT OR REPLACE INTO doors_listed (request, list) VALUES (?, ?)",
        [(one.item, item) for one in requests],
    )


async def requests_on(tx: Tx, item: Number) -> list[Request]:
    """Return the requests to join on a list of who waits at the doors, in order."""
    rows = await tx.all("SELECT request FROM doors_listed WHERE list = ? ORDER BY request", item)
    found = [await get_request(tx, Number(row["request"])) for row in rows]
    return [one for one in found if one is not None]


async def note_shown(tx: Tx, item: Number, at: datetime) -> bool:
    """Store that a list of who waits at the doors was shown at `at` (UTC). Return whether it was
    posted before."""
    row = await tx.one("SELECT posted FROM doors_list WHERE item = ?", item)
    await tx.run(
        "UPDATE doors_list SET edited = ?1, posted = coalesce(posted, ?1) WHERE item = ?2",
        at.timestamp(),
        item,
    )
    return row is not None and row["posted"] is not None


async def end_lists(tx: Tx, but: Number) -> list[Number]:
    """Store that all lists of who waits at the doors but this one are over. Return those that were
    open."""
    query = "UPDATE doors_list SET is_over = 1 WHERE item != ? AND NOT is_over RETURNING item"
    return [Number(row["item"]) for row in await tx.all(query, but)]


async def old_lists(tx: Tx, before: datetime) -> list[Number]:
    """Return the numbers of lists of who waits at a door that were replaced, posted before `before`
    (UTC), and of whose requests none is open."""
    rows = await tx.all(
        "SELECT item FROM doors_list AS l WHERE is_over AND posted < ? AND NOT EXISTS"
        " (SELECT 1 FROM doors_listed JOIN doors_request ON item = request"
        " WHERE list = l.item AND step IN ('asking', 'deciding'))",
        before.timestamp(),
    )
    return [Number(row["item"]) for row in rows]
