"""Redactions: of a message of ours with all its edits (MSC3912), each of which has its own text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.delivery.effects import Redact
from bot.delivery.entry_kind import DeliverySite, EntryKind, PendingEntry, Refusal
from bot.delivery.entry_writer import EntryDetails, EntryWriter
from bot.delivery.payload import Payload
from bot.delivery.subject import Subject, writes
from bot.gateway import Sender
from bot.i18n import _
from storage import outbox_entries
from storage.database import Tx
from storage.outbox_entries import OutboxEntry


@dataclass(frozen=True, slots=True)
class RedactionPayload(Payload):
    """A redaction of the entry's target."""

    reason: str


async def redact_with_edits(gateway: Sender, entry: PendingEntry[Any], site: DeliverySite) -> None:
    """Redact the message, then its edits. Idempotent.

    The message goes first, so that no older text appears.
    """
    row, event, reason = entry.row, entry.row.target, entry.payload.reason
    if event is None:
        return
    await gateway.redact(site.room, event, reason, row.txn)
    for edit in await outbox_entries.edits_of(site.db, event):
        await gateway.redact(site.room, edit, reason, f"{row.txn}{edit}")
    async with site.db.transaction() as tx:
        await outbox_entries.delete_edits(tx, event)


async def shred_log(tx: Tx, _row: OutboxEntry, _refused: str | None) -> None:
    """Overwrite the database's write-ahead log, which may hold the redacted text."""
    tx.shred()


REDACTION = EntryKind(
    "redact",
    RedactionPayload,
    redact_with_edits,
    refusal=Refusal(
        lambda _payload: _("I could not take that message away"),
        lambda _payload, room, me: room.power_of(me) < room.power_to("redact"),
    ),
    finished=shred_log,
)


async def write_redaction(writer: EntryWriter, effect: Redact) -> None:
    """Write the outbox entry that redacts a message."""
    found = await writer.resolve_target(
        effect.target, effect.room, effect.to, is_quiet=effect.quiet
    )
    if found is not None:
        ref, address = found
        payload = RedactionPayload(effect.reason)
        await writer.put_entry(
            REDACTION, payload, address, EntryDetails(ref), is_quiet=effect.quiet
        )


SUBJECT = Subject(kinds=(REDACTION,), writers=(writes(Redact, write_redaction),))
