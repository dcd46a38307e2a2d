"""An effect of its own, as a file in `bot/delivery/kinds/` would be: all that it takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, cast

from bot.api import verbatim
from bot.delivery.effects import Effect
from bot.delivery.entry_kind import DeliverySite, EntryKind, PendingEntry, Refusal
from bot.delivery.entry_writer import EntryWriter
from bot.delivery.payload import Payload
from bot.delivery.subject import Subject, writes
from bot.types import RoomId
from storage.outbox_entries import Address


@dataclass(frozen=True, slots=True)
class Knock(Effect):
    """Knock at a room."""

    room: RoomId
    reason: str


@dataclass(frozen=True, slots=True)
class KnockPayload(Payload):
    """A knock with its reason."""

    reason: str


class Knocker(Protocol):
    """The one method of a gateway that the effect needs."""

    async def knock(self, room: RoomId, reason: str) -> None: ...


async def knock(gateway: object, entry: PendingEntry[KnockPayload], site: DeliverySite) -> None:
    """Knock at the room."""
    await cast(Knocker, gateway).knock(site.room, entry.payload.reason)


KNOCK = EntryKind(
    "knock",
    KnockPayload,
    knock,
    refusal=Refusal(lambda payload: verbatim(f"No pude tocar: {payload.reason}")),
    queue=lambda row, _payload: f"knock {row.room}",
    waits_for_servers=True,
)


async def write_knock(writer: EntryWriter, effect: Knock) -> None:
    """Write a knock."""
    await writer.put_entry(KNOCK, KnockPayload(effect.reason), Address(effect.room, None))


SUBJECT = Subject(kinds=(KNOCK,), writers=(writes(Knock, write_knock),))
