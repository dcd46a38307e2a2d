"""What waits for its time, in the database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import EventId, JobKind, Number, RoomId, UserId
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Held:
    """Something that waits until `due` (UTC, shown in `zone`) to be published in `room`.

    `job` publishes it, from `content`, which only the capability that made it reads. `made_of` is
    the message whose words it holds, empty if it is not known.
    """

    item: Number
    author: UserId
    room: RoomId
    job: JobKind
    due: datetime
    zone: str
    content: Mapping[str, Any]
    made_of: EventId


async def add_held(tx: Tx, one: Held) -> None:
    """Store something that waits to be published."""
    await tx.run(
        "INSERT INTO embargo_held VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        one.item,
        one.author,
        one.room,
        one.job.feature,
        one.job.name,
        one.due.timestamp(),
        one.zone,
        json.dumps(one.content),
        one.made_of,
    )


async def get_held(tx: Tx, item: Number) -> Held | None:
    """Return what waits to be published under this number, or None."""
    row = await tx.one("SELECT * FROM embargo_held WHERE item = ?", item)
    return _held(row) if row else None


async def held_by(tx: Tx, author: UserId) -> list[Held]:
    """Return what a person has waiting to be published, the next first."""
    rows = await tx.all("SELECT * FROM embargo_held WHERE author = ? ORDER BY due, item", author)
    return [_held(row) for row in rows]


async def all_held(tx: Tx) -> list[Held]:
    """Return everything that waits to be published, the next first."""
    return [_held(row) for row in await tx.all("SELECT * FROM embargo_held ORDER BY due, item")]


async def held_naming(tx: Tx, person: UserId) -> list[Held]:
    """Return what others have waiting to be published and names the person's address, the next
    first."""
    rows = await tx.all(
        "SELECT * FROM embargo_held WHERE author != ?1 AND instr(content, ?1) ORDER BY due, item",
        person,
    )
    return [_held(row) for row in rows]


async def held_made_of(tx: Tx, event: EventId) -> list[Held]:
    """Return what waits to be published and was made of this message."""
    query = "SELECT * FROM embargo_held WHERE made_of = ? AND made_of != '' ORDER BY item"
    return [_held(row) for row in await tx.all(query, event)]


async def set_due(tx: Tx, item: Number, due: datetime, zone: str) -> None:
    """Store another time (UTC) for something that waits to be published."""
    query = "UPDATE embargo_held SET due = ?, zone = ? WHERE item = ?"
    await tx.run(query, due.timestamp(), zone, item)


async def delete_held(tx: Tx, item: Number) -> None:
    """Delete something that waited to be published, from the write-ahead log too."""
    await tx.run("DELETE FROM embargo_held WHERE item = ?", item)
    tx.shred()


def _held(row: Any) -> Held:
    return Held(
        Number(row["item"]),
        UserId(row["author"]),
        RoomId(row["room"]),
        JobKind(row["feature"], row["job"]),
        datetime.fromtimestamp(row["due"], UTC),
        row["zone"],
        json.loads(row["content"]),
        EventId(row["made_of"]),
    )
