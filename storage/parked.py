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
    """What waits in rooms where no letter is on its way any more; it is taken out."""
    rows = await tx.all(
        "SELECT event, what FROM parked WHERE NOT EXISTS (SELECT 1 FROM letter WHERE"
        " letter.room = parked.room) ORDER BY at, event"
    )
    await tx.many("DELETE FROM parked WHERE event = ?", [(r["event"],) for r in rows])
    return [json.loads(r["what"]) for r in rows]


async def any_waiting(tx: Tx) -> bool:
    return await tx.one("SELECT 1 FROM parked LIMIT 1") is not None
