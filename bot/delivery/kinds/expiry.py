"""Disappearing messages: the list of our old ones in a room, and the keys of its messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.delivery.effects import CollectSentEvents, ForgetRoomKeys
from bot.delivery.entry_kind import DeliverySite, EntryKind, PendingEntry
from bot.delivery.entry_writer import EntryWriter
from bot.delivery.payload import Payload
from bot.delivery.subject import Subject, writes
from bot.gateway import History
from storage import outbox_entries, sent_events
from storage.outbox_entries import Address, OutboxEntry


@dataclass(frozen=True, slots=True)
class ListingPayload(Payload):
    """The listing of our old messages, from `start`; None is the newest message."""

    start: str | None = None


async def collect_sent(
    gateway: History, entry: PendingEntry[ListingPayload], site: DeliverySite
) -> None:
    """Add the bot's earlier messages in the room to the list of what is to be deleted, page by
    page. Idempotent.

    The place is stored after each page. What was sent later is in the list already.
    """
    row, start = entry.row, entry.payload.start
    while True:
        page, start = await gateway.own_messages(site.room, start)
        async with site.db.transaction() as tx:
            await sent_events.add(tx, site.room, [one for one in page if one[1] <= row.written])
            await outbox_entries.save_payload(tx, row.id, ListingPayload(start).to_json())
        if start is None:
            return


def _own_queue(row: OutboxEntry, _payload: ListingPayload) -> str:
    """Return a queue beside the room's, because it takes long."""
    return f"list {row.room}"


LISTING = EntryKind("list", ListingPayload, collect_sent, queue=_own_queue, waits_for_servers=True)


async def write_listing(writer: EntryWriter, effect: CollectSentEvents) -> None:
    """Write the outbox entry that lists the bot's old messages in a room."""
    await writer.put_entry(LISTING, ListingPayload(), Address(effect.room, None))


@dataclass(frozen=True, slots=True)
class KeyDeletionPayload(Payload):
    """The deletion of a room's keys from before a moment, in seconds since 1970."""

    before: float


async def forget_keys(
    gateway: History, entry: PendingEntry[KeyDeletionPayload], site: DeliverySite
) -> None:
    """Delete the keys for the room's messages before an instant (UTC). Idempotent."""
    await gateway.forget_keys(site.room, datetime.fromtimestamp(entry.payload.before, UTC))


KEY_DELETION = EntryKind("keys", KeyDeletionPayload, forget_keys)


async def write_key_deletion(writer: EntryWriter, effect: ForgetRoomKeys) -> None:
    """Write the outbox entry that deletes a room's old keys."""
    payload = KeyDeletionPayload(effect.before.timestamp())
    await writer.put_entry(KEY_DELETION, payload, Address(effect.room, None))


SUBJECT = Subject(
    kinds=(LISTING, KEY_DELETION),
    writers=(writes(CollectSentEvents, write_listing), writes(ForgetRoomKeys, write_key_deletion)),
)
