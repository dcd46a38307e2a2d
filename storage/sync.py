"""How far the bot has synced, and which events it has handled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.types import EventId, RoomId
from storage.database import Database, Tx

KEPT_FOR = timedelta(days=90)
"""How long marks are kept, and so how far back a gap is filled."""


@dataclass(frozen=True, slots=True)
class NewestEvent:
    """The newest event that a sync brought, and when (UTC) it was sent: never after it came."""

    room: RoomId
    event: EventId
    at: datetime


async def mark_seen(tx: Tx, event: EventId, at: datetime) -> bool:
    """Mark an event as handled. Return False if it was marked before."""
    return await tx.change("INSERT OR IGNORE INTO seen VALUES (?, ?)", event, _s(at)) > 0


async def mark_all_seen(tx: Tx, events: Iterable[EventId], at: datetime) -> None:
    """Mark events as handled at an instant (UTC): if they come again, they are skipped."""
    await tx.many("INSERT OR IGNORE INTO seen VALUES (?, ?)", [(e, _s(at)) for e in events])


async def seen_among(tx: Tx, events: Iterable[EventId]) -> set[EventId]:
    """Return which of these events (at most a page of them) are marked as handled."""
    asked = list(events)
    marks = ",".join("?" * len(asked))
    rows = await tx.all(f"SELECT event FROM seen WHERE event IN ({marks})", *asked)  # noqa: S608
    return {EventId(r["event"]) for r in rows}


async def forget_before(tx: Tx, at: datetime) -> None:
    """Delete the marks of events handled before `at`."""
    await tx.run("DELETE FROM seen WHERE at < ?", _s(at))


async def get_token(db: Database) -> str | None:
    """Return the sync token from which the next sync starts, or None before the first."""
    async with db.reading() as tx:
        row = await tx.one("SELECT token FROM sync")
    return row["token"] if row else None


async def save_token(tx: Tx, value: str, newest: NewestEvent | None = None) -> None:
    """Store the sync token from which the next sync starts, and the newest event that came until
    it, in place of the stored one."""
    await tx.run(
        "INSERT OR REPLACE INTO sync (one, token, newest_room, newest_event, newest_at)"
        " VALUES (1, ?, ?, ?, ?)",
        value,
        *((newest.room, newest.event, newest.at.timestamp()) if newest else (None, None, None)),
    )


async def newest_event(db: Database) -> NewestEvent | None:
    """Return the newest event that a sync brought, or None if none is known."""
    async with db.reading() as tx:
        row = await tx.one("SELECT * FROM sync WHERE newest_at IS NOT NULL")
    if row is None:
        return None
    at = datetime.fromtimestamp(row["newest_at"], UTC)
    return NewestEvent(RoomId(row["newest_room"]), EventId(row["newest_event"]), at)


async def forget_newest_event(db: Database) -> None:
    """Delete the newest event that a sync brought: the homeserver does not know it any more."""
    async with db.transaction() as tx:
        await tx.run("UPDATE sync SET newest_room = NULL, newest_event = NULL, newest_at = NULL")


async def live_until(db: Database) -> datetime | None:
    """Return the end (UTC) of the last live sync. Later events are read in a catch-up."""
    async with db.reading() as tx:
        return await read_live_until(tx)


async def read_live_until(tx: Tx) -> datetime | None:
    """Return `live_until` within an open transaction."""
    row = await tx.one("SELECT until FROM live")
    return datetime.fromtimestamp(row["until"], UTC) if row else None


async def save_live_until(tx: Tx, until: datetime) -> None:
    """Store the end (UTC) of the last live sync."""
    await tx.run(
        "INSERT INTO live VALUES (1, ?1) ON CONFLICT DO UPDATE SET until = ?1", until.timestamp()
    )


def _s(at: datetime) -> int:
    return int(at.timestamp())
