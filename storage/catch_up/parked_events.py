"""Parked votes and replies to events of ours whose ids are not known yet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.types import EventId, RoomId, UserId
from storage.database import Tx

MOST_PER_PERSON = 50
"""Most parked events per person; then the oldest is deleted."""


async def park(
    tx: Tx, event: EventId, room: RoomId, sender: UserId, what: Mapping[str, Any], at: datetime
) -> None:
    """Store an event that waits until the id of an event of ours is known. `what` is its JSON
    without message text."""
    await tx.run(
        "INSERT OR IGNORE INTO parked (event, room, sender, what, at) VALUES (?, ?, ?, ?, ?)",
        event,
        room,
        sender,
        json.dumps(what),
        at.timestamp(),
    )
    await tx.run(
        "DELETE FROM parked WHERE event IN (SELECT event FROM parked WHERE sender = ?"
        " ORDER BY at DESC, event DESC LIMIT -1 OFFSET ?)",
        sender,
        MOST_PER_PERSON,
    )


async def ready_events(tx: Tx) -> list[Mapping[str, Any]]:
    """Return the parked events that need wait no more, oldest first: no outbox entry about an item
    is undelivered in their rooms."""
    rows = await tx.all(
        "SELECT event, what FROM parked WHERE NOT EXISTS (SELECT 1 FROM letter WHERE"
        " item IS NOT NULL AND (letter.room = parked.room OR letter.person ="
        " (SELECT private_of FROM room WHERE room.room = parked.room))) ORDER BY at, event"
    )
    return [json.loads(r["what"]) for r in rows]


async def take(tx: Tx, event: EventId) -> bool:
    """Delete a parked event, so that the caller may handle it in the same transaction. Return False
    if it is not parked any more, because its sender redacted it: then it must not be handled."""
    return await tx.change("DELETE FROM parked WHERE event = ?", event) > 0


async def withdraw(tx: Tx, event: EventId, sender: UserId) -> None:
    """Delete a parked event that its own sender redacted. Anybody else's redaction changes
    nothing."""
    await tx.run("DELETE FROM parked WHERE event = ? AND sender = ?", event, sender)


async def any_waiting(tx: Tx) -> bool:
    """Return whether any event is parked."""
    return await tx.exists("SELECT 1 FROM parked LIMIT 1")
