"""The bot's own events in rooms where they disappear after some time.

A list begins when a room sets that time. Earlier events are fetched once from the server.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.types import EventId, RoomId
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class SentEvent:
    """An event that the bot sent."""

    room: RoomId
    event: EventId
    at: datetime


async def start_list(tx: Tx, room: RoomId) -> bool:
    """Begin to list the bot's own events in a room. Return False if they are listed already."""
    return await tx.change("INSERT OR IGNORE INTO sent_in VALUES (?1, ?1)", room) > 0


async def end_list(tx: Tx, room: RoomId) -> None:
    """Delete the lists of the bot's own events in a room and in the rooms that it replaced."""
    await tx.run("DELETE FROM sent_in WHERE of = ?", room)


async def rooms_of(tx: Tx, room: RoomId) -> list[RoomId]:
    """Return the rooms whose events of the bot's own are listed under `room`: itself and those that
    it replaced."""
    return [r["room"] for r in await tx.all("SELECT room FROM sent_in WHERE of = ?", room)]


async def listed_rooms(tx: Tx) -> list[RoomId]:
    """Return every room with a list of the bot's own events."""
    return [r["room"] for r in await tx.all("SELECT room FROM sent_in")]


async def move_room(tx: Tx, old: RoomId, new: RoomId) -> None:
    """Join a room's list of sent events to that of the room that replaced it."""
    if await tx.change("UPDATE sent_in SET of = ? WHERE of = ?", new, old):
        await start_list(tx, new)


async def add(tx: Tx, room: RoomId, said: Iterable[tuple[EventId, datetime]]) -> None:
    """Add the bot's own events to the list of their room, if it has one.

    Edits are left out: they go with their message.
    """
    await tx.many(
        "INSERT OR IGNORE INTO sent SELECT room, ?2, ?3 FROM sent_in WHERE room = ?1"
        " AND NOT EXISTS (SELECT 1 FROM edit WHERE event = ?3)",
        [(room, int(at.timestamp()), event) for event, at in said],
    )


async def older_events(tx: Tx, of: RoomId, before: datetime, most: int) -> list[SentEvent]:
    """Return the events that the bot sent in a room before an instant (UTC), to be redacted: oldest
    first, without messages about open items, which are still updated."""
    rows = await tx.all(
        "SELECT sent.room, event, at FROM sent_in JOIN sent USING (room) WHERE of = ?"
        " AND at < ? AND NOT EXISTS (SELECT 1 FROM posted JOIN item ON item.number = posted.item"
        " WHERE posted.event = sent.event AND slot IS NOT NULL AND open)"
        " ORDER BY at LIMIT ?",
        of,
        int(before.timestamp()),
        most,
    )
    return [SentEvent(r["room"], r["event"], datetime.fromtimestamp(r["at"], UTC)) for r in rows]


async def delete(tx: Tx, one: SentEvent) -> None:
    """Delete an event of the bot's that is being redacted, so that no reply refers to it any
    more."""
    await tx.run(
        "DELETE FROM sent WHERE room = ? AND at = ? AND event = ?",
        one.room,
        int(one.at.timestamp()),
        one.event,
    )
    await tx.run("DELETE FROM posted WHERE event = ?", one.event)


async def is_busy(tx: Tx, of: RoomId) -> bool:
    """Return whether the outbox still has entries for the room or one that it replaced.

    The list of the bot's own events there may be incomplete then.
    """
    return await tx.exists(
        "SELECT 1 FROM letter JOIN sent_in USING (room) WHERE of = ? LIMIT 1", of
    )
