"""Messages that could not be decrypted yet (H7): ciphertext, kept until their key arrives."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.types import EventId, RoomId, UserId
from storage.database import Tx

KEPT = timedelta(days=7)
"""How long we hope for a key."""
MOST = 1000
"""How many messages of one person wait at most in one room."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One such message. `at` is the time at which it counts, `since` when it reached us."""

    event: EventId
    room: RoomId
    sender: UserId
    session: str
    raw: Mapping[str, Any]
    at: datetime
    late: bool
    since: datetime
    told: bool = False


async def put(tx: Tx, messages: Iterable[Waiting]) -> None:
    """Keep messages; one that waits already stays as it is. `overflow` keeps them few."""
    await tx.many(
        "INSERT OR IGNORE INTO waiting (event, room, sender, session, raw, at, late, since)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (w.event, w.room, w.sender, w.session, json.dumps(w.raw), _s(w.at), w.late, _s(w.since))
            for w in messages
        ],
    )


async def for_session(tx: Tx, room: RoomId, session: str) -> list[Waiting]:
    """What this key may open, oldest first."""
    rows = await tx.all(
        "SELECT * FROM waiting WHERE room = ? AND session = ? ORDER BY since, at", room, session
    )
    return [_waiting(row) for row in rows]


async def sessions(tx: Tx) -> set[tuple[RoomId, str]]:
    """Every session that something waits for."""
    rows = await tx.all("SELECT DISTINCT room, session FROM waiting")
    return {(RoomId(r["room"]), r["session"]) for r in rows}


async def sessions_of(tx: Tx, room: RoomId, sender: UserId) -> set[str]:
    """The sessions that this person's messages wait for there."""
    rows = await tx.all(
        "SELECT DISTINCT session FROM waiting WHERE room = ? AND sender = ?", room, sender
    )
    return {row["session"] for row in rows}


async def overflow(tx: Tx, room: RoomId, sender: UserId) -> list[EventId]:
    """Forget the oldest of who sends nothing but riddles; which they were. Nobody else's go."""
    rows = await tx.all(
        "SELECT event FROM waiting WHERE room = ? AND sender = ?"
        " ORDER BY since DESC, at DESC LIMIT -1 OFFSET ?",
        room,
        sender,
        MOST,
    )
    gone = [EventId(r["event"]) for r in rows]
    await drop(tx, gone)
    return gone


async def untold(tx: Tx, before: datetime) -> list[Waiting]:
    """What reached us before and nobody was told of."""
    rows = await tx.all(
        "SELECT * FROM waiting WHERE NOT told AND since <= ? ORDER BY since, at", _s(before)
    )
    return [_waiting(row) for row in rows]


async def hasten(tx: Tx, room: RoomId, session: str, sender: UserId, since: datetime) -> None:
    """Its key will not come: nobody waits for it longer than if it had reached us at `since`."""
    await tx.run(
        "UPDATE waiting SET since = min(since, ?) WHERE room = ? AND session = ?"
        " AND sender = ? AND NOT told",
        _s(since),
        room,
        session,
        sender,
    )


async def next_untold(tx: Tx) -> datetime | None:
    """When the oldest message that nobody was told of reached us."""
    row = await tx.one("SELECT min(since) AS since FROM waiting WHERE NOT told")
    return _time(row["since"]) if row and row["since"] is not None else None


async def told(tx: Tx, events: Iterable[EventId]) -> None:
    await tx.many("UPDATE waiting SET told = 1 WHERE event = ?", [(e,) for e in events])


async def drop(tx: Tx, events: Iterable[EventId]) -> None:
    await tx.many("DELETE FROM waiting WHERE event = ?", [(e,) for e in events])


async def drop_room(tx: Tx, room: RoomId) -> None:
    await tx.run("DELETE FROM waiting WHERE room = ?", room)


async def forget_before(tx: Tx, at: datetime) -> None:
    await tx.run("DELETE FROM waiting WHERE since < ?", _s(at))


async def among(tx: Tx, events: Iterable[EventId]) -> set[EventId]:
    """Which of these wait (at most a page of them at a time)."""
    asked = list(events)
    marks = ",".join("?" * len(asked))
    rows = await tx.all(f"SELECT event FROM waiting WHERE event IN ({marks})", *asked)  # noqa: S608
    return {EventId(r["event"]) for r in rows}


def _waiting(row: Any) -> Waiting:
    return Waiting(
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
