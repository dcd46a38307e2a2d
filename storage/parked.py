"""Votes and replies to an event of ours whose id we have not learnt yet; kept until we have."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.types import EventId, RoomId
from storage.database import Tx


async def park(tx: Tx, event: EventId, room: RoomId, what: Mapping[str, Any], at: datetime) -> None:
    """`what` is the happening as JSON."""
    await tx.run(
        "INSERT OR IGNORE INTO parked VALUES (?, ?, ?, ?)",
        event,
        room,
        json.dumps(what),
        at.timestamp(),
    )


async def settled(tx: Tx) -> list[Mapping[str, Any]]:
    """What waits in rooms to which no letter is on its way any more, oldest first."""
    rows = await tx.all(
        "SELECT event, what FROM parked WHERE NOT EXISTS (SELECT 1 FROM letter WHERE"
        " letter.room = parked.room OR letter.person = (SELECT private_of FROM room WHERE"
        " room.room = parked.room)) ORDER BY at, event"
    )
    return [json.loads(r["what"]) for r in rows]


async def drop(tx: Tx, event: EventId) -> None:
    """It takes effect in this transaction."""
    await tx.run("DELETE FROM parked WHERE event = ?", event)


async def any_waiting(tx: Tx) -> bool:
    return await tx.one("SELECT 1 FROM parked LIMIT 1") is not None
