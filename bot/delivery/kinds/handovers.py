"""What two bots say to each other in a room that one hands over (docs/decisions/0048)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.delivery.effects import Effect
from bot.delivery.entry_kind import DeliverySite, EntryKind, PendingEntry
from bot.delivery.entry_writer import EntryDetails, EntryWriter
from bot.delivery.payload import MessagePayload
from bot.delivery.subject import Subject, writes
from bot.gateway import Sender
from bot.types import HANDOVER_TYPE, EventId, RoomId
from storage.outbox_entries import Address


@dataclass(frozen=True, slots=True)
class SendHandover(Effect):
    """Post a step of a handover in its room, encrypted. No app shows it.

    It goes out before what people are to read there, which waits for the answer to it.
    """

    room: RoomId
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HandoverPayload(MessagePayload):
    """A step of a handover."""


async def send_step(
    gateway: Sender, entry: PendingEntry[HandoverPayload], site: DeliverySite
) -> EventId:
    """Send a step of a room's handover to the other bot, and return the event's id. The transaction
    id makes it arrive once."""
    step = entry.payload
    return await gateway.send(site.room, step.type, dict(step.content), entry.row.txn)


HANDOVER = EntryKind(
    "handover",
    HandoverPayload,
    send_step,
    queue=lambda row, _payload: f"handover:{row.room}",
    is_for_awaited_room=True,
)


async def write_handover(writer: EntryWriter, effect: SendHandover) -> None:
    """Write the outbox entry of a step of a room's handover to another bot."""
    payload = HandoverPayload(HANDOVER_TYPE, dict(effect.content))
    await writer.put_message(HANDOVER, payload, Address(effect.room, None), EntryDetails())


SUBJECT = Subject(kinds=(HANDOVER,), writers=(writes(SendHandover, write_handover),))
