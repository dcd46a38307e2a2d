"""Events for some devices of a person, outside of all rooms (spec §Send-to-device messaging)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.delivery.effects import Effect
from bot.delivery.entry_kind import DeliverySite, EntryKind, PendingEntry
from bot.delivery.entry_writer import EntryWriter
from bot.delivery.payload import Payload, stored_as
from bot.delivery.subject import Subject, writes
from bot.gateway import Sender
from bot.types import RoomId, UserId
from storage.outbox_entries import Address


@dataclass(frozen=True, slots=True)
class SendToDevices(Effect):
    """Send an unencrypted event to these devices of a person: a step of a verification."""

    person: UserId
    devices: tuple[str, ...]
    type: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DevicePayload(Payload):
    """A to-device event: its type and content, its owner's id and devices."""

    owner: UserId = field(metadata=stored_as("person"))
    devices: tuple[str, ...] = field(metadata=stored_as("devices", tuple))
    type: str
    content: Mapping[str, Any]


async def send_to_devices(
    gateway: Sender, entry: PendingEntry[DevicePayload], _site: DeliverySite
) -> None:
    """Send an event to a person's devices (to-device). The transaction id makes it arrive at most
    once."""
    one = entry.payload
    await gateway.send_to_devices(one.owner, one.devices, one.type, one.content, entry.row.txn)


DEVICE_MESSAGE = EntryKind("to_device", DevicePayload, send_to_devices)


async def write_to_devices(writer: EntryWriter, effect: SendToDevices) -> None:
    """Write the outbox entry of an event for a person's devices, in a queue of its own for each
    person."""
    payload = DevicePayload(effect.person, effect.devices, effect.type, dict(effect.content))
    address = Address(RoomId(f"devices:{effect.person}"), None)
    await writer.put_entry(DEVICE_MESSAGE, payload, address)


SUBJECT = Subject(kinds=(DEVICE_MESSAGE,), writers=(writes(SendToDevices, write_to_devices),))
