"""Rooms that the bot creates, and the callback that is told of each."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.delivery.effects import CreateRoom
from bot.delivery.entry_kind import DeliverySite, EntryKind, PendingEntry
from bot.delivery.entry_writer import EntryWriter
from bot.delivery.payload import Payload, Stored, stored_as
from bot.delivery.subject import Subject, writes
from bot.gateway import Gateway, RoomAdmin
from bot.types import RoomId, UserId
from storage.outbox_entries import Address


@dataclass(frozen=True, slots=True)
class NewRoom(Stored):
    """A room to create. `kind` is the room's type, for rooms that are not for people."""

    alias: str
    name: str
    topic: str
    invite: tuple[UserId, ...] = field(metadata=stored_as("invite", tuple))
    kind: str = ""


@dataclass(frozen=True, slots=True)
class CreationPayload(Payload):
    """The creation of a room."""

    room: NewRoom = field(metadata=stored_as("made", NewRoom.from_json))


async def create_room(gateway: RoomAdmin, payload: CreationPayload) -> RoomId:
    """Create the room of this outbox entry, and return its id. Idempotent by its alias."""
    new = payload.room
    kind = {"kind": new.kind} if new.kind else {}
    return await gateway.make_room(new.alias, new.name, new.topic, list(new.invite), **kind)


async def finish_creation(
    _gateway: Gateway, _entry: PendingEntry[CreationPayload], _site: DeliverySite
) -> None:
    """Do nothing: when the room is created, nothing is left to do."""


CREATION = EntryKind(
    "create",
    CreationPayload,
    finish_creation,
    open_room=create_room,
    waits_for_servers=True,
)


async def write_creation(writer: EntryWriter, effect: CreateRoom) -> None:
    """Write the outbox entry that creates a room. Those of one capability are created in order."""
    new = NewRoom(f"minga-{effect.key}", effect.name, effect.topic, effect.invite, effect.kind)
    address = Address(RoomId(f"create:{effect.then.feature}"), None)
    await writer.put_entry(CREATION, CreationPayload(new, then=effect.then), address)


SUBJECT = Subject(kinds=(CREATION,), writers=(writes(CreateRoom, write_creation),))
