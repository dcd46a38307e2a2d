"""Redacts a message of ours with all its edits (MSC3912), because each has a text of its own."""

from __future__ import annotations

from bot.gateway import Gateway
from bot.types import EventId, RoomId
from storage import outbox_entries
from storage.database import Database
from storage.outbox_entries import OutboxEntry


async def redact_with_edits(
    db: Database, gateway: Gateway, letter: OutboxEntry, room: RoomId, event: EventId
) -> None:
    """Redact the message first, so that no older text appears, then its edits. Idempotent."""
    reason = letter.payload["reason"]
    await gateway.redact(room, event, reason, letter.txn)
    for edit in await outbox_entries.edits_of(db, event):
        await gateway.redact(room, edit, reason, f"{letter.txn}{edit}")
    async with db.transaction() as tx:
        await outbox_entries.delete_edits(tx, event)
