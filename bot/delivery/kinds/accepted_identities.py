"""New Matrix identities of people, accepted so that their devices count."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.delivery.effects import AcceptIdentity
from bot.delivery.entry_kind import DeliverySite, EntryKind, PendingEntry
from bot.delivery.entry_writer import EntryWriter
from bot.delivery.payload import Payload, stored_as
from bot.delivery.subject import Subject, writes
from bot.gateway import DeviceDirectory
from bot.types import RoomId, UserId
from storage.outbox_entries import Address


@dataclass(frozen=True, slots=True)
class AcceptancePayload(Payload):
    """The acceptance of a person's identity stored under `key`."""

    owner: UserId = field(metadata=stored_as("person"))
    key: str


async def accept_identity(
    gateway: DeviceDirectory, entry: PendingEntry[AcceptancePayload], site: DeliverySite
) -> None:
    """Carry out the outbox entry that accepts a person's new identity. Idempotent."""
    await gateway.accept_identity(entry.payload.owner, entry.payload.key)
    site.queues.release_held()  # entries for them may have waited


ACCEPTANCE = EntryKind("identity", AcceptancePayload, accept_identity)


async def write_acceptance(writer: EntryWriter, effect: AcceptIdentity) -> None:
    """Write the outbox entry that accepts a person's new identity, in a queue of its own."""
    address = Address(RoomId(f"identity:{effect.person}"), None)
    await writer.put_entry(ACCEPTANCE, AcceptancePayload(effect.person, effect.key), address)


SUBJECT = Subject(kinds=(ACCEPTANCE,), writers=(writes(AcceptIdentity, write_acceptance),))
