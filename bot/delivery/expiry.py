"""Executes the outbox entries for disappearing messages: the list of old ones and their keys."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.gateway import Gateway
from bot.types import EventId, RoomId
from storage import outbox_entries, sent_events
from storage.database import Database
from storage.outbox_entries import OutboxEntry


async def collect_sent(
    db: Database, gateway: Gateway, letter: OutboxEntry, room: RoomId
) -> EventId | None:
    """Add the bot's earlier messages in the room to the list, page by page. Idempotent.

    The place is stored after each page. What was sent later is in the list already.
    """
    start = letter.payload.get("start")
    while True:
        page, start = await gateway.own_messages(room, start)
        async with db.transaction() as tx:
            await sent_events.add(tx, room, [one for one in page if one[1] <= letter.written])
            await outbox_entries.save_payload(tx, letter.id, {"start": start})
        if start is None:
            return None


async def forget_keys(gateway: Gateway, letter: OutboxEntry, room: RoomId) -> EventId | None:
    """Delete the keys for the room's messages before an instant. Idempotent."""
    before = datetime.fromtimestamp(letter.payload["before"], UTC)
    await gateway.forget_keys(room, before)
    return None
