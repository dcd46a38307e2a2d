"""Help: messages for people who can't read others, and the rooms that are opened for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from bot.delivery import event_content
from bot.delivery.effects import Help
from bot.delivery.entry_kind import DeliverySite, EntryKind, PendingEntry
from bot.delivery.entry_writer import EntryDetails, EntryWriter
from bot.delivery.kinds.messages import EVENT, MESSAGE, EventPayload
from bot.delivery.payload import Payload, stored_as
from bot.delivery.subject import Subject, writes
from bot.gateway import DeviceDirectory, RoomAdmin
from bot.types import Devices, RoomId, UserId
from storage import help_rooms, identities, outbox_entries, rooms
from storage.outbox_entries import Address


@dataclass(frozen=True, slots=True)
class HelpPayload(Payload):
    """A help room to open for a person, and the first message in it."""

    helped: UserId = field(metadata=stored_as("person"))
    first: EventPayload = field(metadata=stored_as("first", EventPayload.from_json))


class HelpRoomOpener(RoomAdmin, DeviceDirectory, Protocol):
    """Knows who can read, and opens rooms."""


async def open_help_room(
    gateway: HelpRoomOpener, entry: PendingEntry[HelpPayload], site: DeliverySite
) -> None:
    """Create a person's help room, where unsigned devices can read the bot too, and put the
    message that this outbox entry brings into the outbox; there it waits until they have joined.

    Nothing is created or sent if all their devices are signed by now, or if a help room of theirs
    is open or was opened within a day.
    """
    devices = await gateway.devices(entry.payload.helped)
    if await _is_due(devices, entry, site):
        room = await gateway.make_private_room(entry.payload.helped, entry.row.alias)
        await _mark_open(entry, site, room, beside_signed=bool(devices.signed))
    site.queues.wake()


async def _is_due(devices: Devices, entry: PendingEntry[HelpPayload], site: DeliverySite) -> bool:
    person = entry.payload.helped
    async with site.db.reading() as tx:
        due = await help_rooms.may_open(tx, person, entry.row.written)
        doubted = await identities.waiting_identity(tx, person) is not None
    return due and (doubted or bool(devices.unsigned) or not devices.signed)


async def _mark_open(
    entry: PendingEntry[HelpPayload], site: DeliverySite, room: RoomId, *, beside_signed: bool
) -> None:
    row, now = entry.row, entry.row.written
    async with site.db.transaction() as tx:
        await rooms.mark_joined(tx, room, now)
        await help_rooms.mark_open(tx, room, entry.payload.helped, now, beside_signed=beside_signed)
        await outbox_entries.add(
            tx,
            room=room,
            person=None,
            kind=EVENT.name,
            payload=entry.payload.first.to_json(),
            device=row.device,
            at=now,
        )


HELP_ROOM = EntryKind("help", HelpPayload, open_help_room, waits_for_servers=True)


async def write_help(writer: EntryWriter, effect: Help) -> None:
    """Write a message for the person's help room, where unsigned devices can read the bot, into the
    outbox; the room is created if there is none."""
    words = writer.texts.render_all_languages(effect.lines)
    body = event_content.message_content(words, loud=True)
    first = EventPayload(MESSAGE, body, is_help=True)
    if effect.room is not None:
        await writer.put_message(EVENT, first, Address(effect.room, None), EntryDetails())
    else:  # its own queue, so that creating the room delays nobody
        address = Address(RoomId(f"help:{effect.person}"), None)
        await writer.put_entry(HELP_ROOM, HelpPayload(effect.person, first), address)


SUBJECT = Subject(kinds=(HELP_ROOM,), writers=(writes(Help, write_help),))
