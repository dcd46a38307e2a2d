"""What we said in a room, kept only where it is to be taken away after some time.

A list begins when a room sets that time; what was said before is looked up once at the server.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.types import EventId, RoomId
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Sent:
    room: RoomId
    event: EventId
    at: datetime


async def begin(tx: Tx, room: RoomId) -> bool:
    """List what is said there from now on. False: it is listed already."""
    return await tx.change("INSERT OR IGNORE INTO sent_in VALUES (?1, ?1)", room) > 0


async def end(tx: Tx, room: RoomId) -> None:
    """No list any more, of the rooms before it neither."""
    await tx.run("DELETE FROM sent_in WHERE of = ?", room)


async def is_listed(tx: Tx, room: RoomId) -> bool:
    return await tx.one("SELECT 1 FROM sent_in WHERE of = ? LIMIT 1", room) is not None


async def rooms_of(tx: Tx, room: RoomId) -> list[RoomId]:
    """The room and those before it that it replaced."""
    return [r["room"] for r in await tx.all("SELECT room FROM sent_in WHERE of = ?", room)]


async def listed(tx: Tx) -> list[RoomId]:
    """Every room whose list we keep."""
    return [r["room"] for r in await tx.all("SELECT room FROM sent_in")]


async def move(tx: Tx, old: RoomId, new: RoomId) -> None:
    """The room goes on in another one, whose setting holds for what stands in both."""
    if await tx.change("UPDATE sent_in SET of = ? WHERE of = ?", new, old):
        await begin(tx, new)


async def add(tx: Tx, room: RoomId, said: Iterable[tuple[EventId, datetime]]) -> None:
    """Note it, if the room is listed. What replaced a message goes with that message."""
    await tx.many(
        "INSERT OR IGNORE INTO sent SELECT room, ?2, ?3 FROM sent_in WHERE room = ?1"
        " AND NOT EXISTS (SELECT 1 FROM edit WHERE event = ?3)",
        [(room, int(at.timestamp()), event) for event, at in said],
    )


async def older(tx: Tx, of: RoomId, before: datetime, most: int) -> list[Sent]:
    """The oldest first. What names something that is still open is kept up to date, and stays."""
    rows = await tx.all(
        "SELECT sent.room, event, at FROM sent_in JOIN sent USING (room) WHERE of = ?"
        " AND at < ? AND NOT EXISTS (SELECT 1 FROM posted JOIN item ON item.number = posted.item"
        " WHERE posted.event = sent.event AND slot IS NOT NULL AND open)"
        " ORDER BY at LIMIT ?",
        of,
        int(before.timestamp()),
        most,
    )
    return [Sent(r["room"], r["event"], datetime.fromtimestamp(r["at"], UTC)) for r in rows]


async def drop(tx: Tx, one: Sent) -> None:
    """It is being taken away: nobody can reply to it any more."""
    await tx.run(
        "DELETE FROM sent WHERE room = ? AND at = ? AND event = ?",
        one.room,
        int(one.at.timestamp()),
        one.event,
    )
    await tx.run("DELETE FROM posted WHERE event = ?", one.event)


async def busy(tx: Tx, of: RoomId) -> bool:
    """Is something of ours still on its way into these rooms, or their list not whole yet?"""
    row = await tx.one("SELECT 1 FROM letter JOIN sent_in USING (room) WHERE of = ? LIMIT 1", of)
    return row is not None
