"""Encrypted events that wait for their keys."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.types import EventId, RoomId, UserId
from storage.database import Tx

KEPT_FOR = timedelta(days=7)
"""How long an event waits for its key."""
MOST_PER_PERSON = 1000
"""Most waiting events per person and room."""


@dataclass(frozen=True, slots=True)
class UndecryptedEvent:
    """An event that waits. `at` is the time by which it is judged, `since` when it arrived."""

    event: EventId
    room: RoomId
    sender: UserId
    session: str
    raw: Mapping[str, Any]
    at: datetime
    late: bool
    since: datetime
    told: bool = False


async def add(tx: Tx, messages: Iterable[UndecryptedEvent]) -> None:
    """Store events that can't be decrypted yet, except those stored already. Call `delete_overflow`
    afterwards."""
    await tx.many(
        "INSERT OR IGNORE INTO waiting (event, room, sender, session, raw, at, late, since)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (w.event, w.room, w.sender, w.session, json.dumps(w.raw), _s(w.at), w.late, _s(w.since))
            for w in messages
        ],
    )


async def events_for_session(tx: Tx, room: RoomId, session: str) -> list[UndecryptedEvent]:
    """Return the events that this session may decrypt, oldest first."""
    rows = await tx.all(
        "SELECT * FROM waiting WHERE room = ? AND session = ? ORDER BY since, at", room, session
    )
    return [_waiting(row) for row in rows]


async def all_sessions(tx: Tx) -> set[tuple[RoomId, str]]:
    """Return every encryption session for whose key an event waits."""
    rows = await tx.all("SELECT DISTINCT room, session FROM waiting")
    return {(RoomId(r["room"]), r["session"]) for r in rows}


async def sessions_of(tx: Tx, room: RoomId, sender: UserId) -> set[str]:
    """Return the encryption sessions for whose keys this person's events in the room wait."""
    return set(
        await tx.column(
            str, "SELECT DISTINCT session FROM waiting WHERE room = ? AND sender = ?", room, sender
        )
    )


async def delete_overflow(tx: Tx, room: RoomId, sender: UserId) -> list[EventId]:
    """Delete and return this person's oldest undecrypted events in the room, as many as are above
    the limit."""
    rows = await tx.all(
        "SELECT event FROM waiting WHERE room = ? AND sender = ?"
        " ORDER BY since DESC, at DESC LIMIT -1 OFFSET ?",
        room,
        sender,
        MOST_PER_PERSON,
    )
    gone = [EventId(r["event"]) for r in rows]
    await delete(tx, gone)
    return gone


async def untold_events(tx: Tx, before: datetime) -> list[UndecryptedEvent]:
    """Return the undecrypted events that arrived before `before` and were not reported yet."""
    rows = await tx.all(
        "SELECT * FROM waiting WHERE NOT told AND since <= ? ORDER BY since, at", _s(before)
    )
    return [_waiting(row) for row in rows]


async def shorten_wait(tx: Tx, room: RoomId, session: str, sender: UserId, since: datetime) -> None:
    """Shorten the wait for a key as if the events had arrived at `since`, because it won't come."""
    await tx.run(
        "UPDATE waiting SET since = min(since, ?) WHERE room = ? AND session = ?"
        " AND sender = ? AND NOT told",
        _s(since),
        room,
        session,
        sender,
    )


async def next_untold(tx: Tx) -> datetime | None:
    """Return when the oldest undecrypted event arrived that was not reported yet, or None."""
    row = await tx.one("SELECT min(since) AS since FROM waiting WHERE NOT told")
    return _time(row["since"]) if row and row["since"] is not None else None


async def mark_told(tx: Tx, events: Iterable[EventId]) -> None:
    """Store that undecrypted events were reported."""
    await tx.many("UPDATE waiting SET told = 1 WHERE event = ?", [(e,) for e in events])


async def delete(tx: Tx, events: Iterable[EventId]) -> None:
    """Delete events that were decrypted, or given up."""
    await tx.many("DELETE FROM waiting WHERE event = ?", [(e,) for e in events])


async def withdraw(tx: Tx, event: EventId, sender: UserId) -> None:
    """Delete an undecrypted event that its own sender redacted. Anybody else's redaction changes
    nothing."""
    await tx.run("DELETE FROM waiting WHERE event = ? AND sender = ?", event, sender)


async def drop_room(tx: Tx, room: RoomId) -> None:
    """Delete the events of a room that wait for keys."""
    await tx.run("DELETE FROM waiting WHERE room = ?", room)


async def forget_before(tx: Tx, at: datetime) -> None:
    """Delete events that arrived before an instant (UTC), as their keys will not come any more."""
    await tx.run("DELETE FROM waiting WHERE since < ?", _s(at))


async def waiting_among(tx: Tx, events: Iterable[EventId]) -> set[EventId]:
    """Return which of these events (at most a page of them) wait for keys."""
    asked = list(events)
    marks = ",".join("?" * len(asked))
    rows = await tx.all(f"SELECT event FROM waiting WHERE event IN ({marks})", *asked)  # noqa: S608
    return {EventId(r["event"]) for r in rows}


def _waiting(row: Any) -> UndecryptedEvent:
    return UndecryptedEvent(
        EventId(row["event"]),
        RoomId(row["room"]),
        UserId(row["sender"]),
        row["session"],
        json.loads(row["raw"]),
        _time(row["at"]),
        bool(row["late"]),
        _time(row["since"]),
        bool(row["told"]),
    )


def _s(at: datetime) -> float:
    return at.timestamp()


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
