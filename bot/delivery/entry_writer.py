"""Writes the effects that handlers return into the outbox, in the reader's language."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

import structlog

from bot.capability.context import Origin
from bot.capability.feature import Answer
from bot.capability.room_policy import Defaults
from bot.delivery import event_content
from bot.delivery.effects import Effect, MessageRef, Say, Target
from bot.delivery.entry_kind import EntryKind
from bot.delivery.entry_texts import EntryTexts
from bot.delivery.payload import MessagePayload, Payload, Requester
from bot.delivery.rendering import Renderer
from bot.lines import Line
from bot.types import EventId, Number, RoomId, UserId
from storage import outbox_entries, rooms
from storage.database import Tx
from storage.membership.room import Room
from storage.outbox_entries import Address

log = structlog.get_logger(__name__)

P = TypeVar("P", bound=Payload)
M = TypeVar("M", bound=MessagePayload)
WriteEffect = Callable[["EntryWriter", Any], Awaitable[None]]
"""Writes the entries of an effect."""


@dataclass(frozen=True, slots=True)
class AnswerWriter:
    """Writes answers into the outbox: the renderer, the defaults and the device to write with."""

    renderer: Renderer
    defaults: Defaults
    device: str
    now: Callable[[], datetime]
    writers: Mapping[type[Effect], WriteEffect]

    async def write_answer(
        self, tx: Tx, answer: Answer, origin: Origin, now: datetime
    ) -> list[int]:
        """Write an answer into the outbox and return the entries' ids. Plain lines become one reply
        to `origin`.

        `now` (UTC) is the instant by which the texts tell dates. Raises `TypeError` for what is no
        effect.
        """
        texts = EntryTexts(tx, self.renderer, self.defaults, origin.room, now)
        writer = EntryWriter(tx, origin, texts, self.device, self.now)
        said, effects = _split_answer(answer)
        if said:
            effects.insert(0, Say(said, reply_to=origin.event, thread=origin.thread))
        for effect in effects:
            if type(effect) not in self.writers:
                raise TypeError(f"not an effect: {type(effect).__name__}")
            await self.writers[type(effect)](writer, effect)
        return writer.entries


def _split_answer(answer: Answer) -> tuple[tuple[Line, ...], list[Any]]:
    if answer is None:
        return (), []
    every = list(answer) if isinstance(answer, Iterable) else [answer]
    lines = tuple(one for one in every if isinstance(one, Line))
    return lines, [one for one in every if not isinstance(one, Line)]


class EntryDetails(NamedTuple):
    """What a row may hold beside its payload.

    `ref` is its target, an event or an undelivered entry; `item` and `slot` are those of a
    `MessageRef` that will name it; `blob` is a file's content.
    """

    ref: str | None = None
    item: Number | None = None
    slot: str | None = None
    blob: bytes | None = None


NO_DETAILS = EntryDetails()


@dataclass(frozen=True, slots=True)
class EntryWriter:
    """Writes the outbox entries of one answer and collects their ids."""

    tx: Tx
    origin: Origin
    texts: EntryTexts
    device: str
    clock: Callable[[], datetime]
    entries: list[int] = field(default_factory=list)
    _rooms: dict[RoomId, Room | None] = field(default_factory=dict, init=False)

    async def _room(self, room: RoomId) -> Room | None:
        """Return the room as it is stored, read once: writing entries changes no room."""
        if room not in self._rooms:
            self._rooms[room] = await rooms.get(self.tx, room)
        return self._rooms[room]

    async def put_message(
        self, kind: EntryKind[M], payload: M, address: Address, details: EntryDetails
    ) -> None:
        """Write an outbox entry for an event that goes to a room.

        In a room of linked networks' bots only link messages are kept, which only bots read;
        anything else is logged as a warning and dropped.
        """
        if address.person is None and address.room is not None:
            here = await self._room(address.room)
            if here is not None and here.kind == rooms.LINK_ROOM_TYPE != payload.type:
                log.warning("effect.in_a_link_room", type=payload.type)
                return  # only other networks' bots read link rooms
            if here is not None and here.private_of is not None:
                payload = replace(payload, private_of=here.private_of)
        await self.put_entry(kind, payload, address, details)

    async def put_entry(
        self,
        kind: EntryKind[P],
        payload: P,
        address: Address,
        details: EntryDetails = NO_DETAILS,
        *,
        is_quiet: bool = False,
    ) -> None:
        """Write an outbox entry for an address.

        If the homeserver refuses it later, the requester named in the payload is told, else the
        person who asked for this answer. With `is_quiet` nobody is put in as requester.
        """
        if payload.requester is None and not is_quiet and self._is_reported(kind, address.room):
            payload = replace(payload, requester=self._requester())
        row = await outbox_entries.add(
            self.tx,
            room=address.room,
            person=address.person,
            kind=kind.name,
            payload=payload.to_json(),
            device=self.device,
            at=self.clock(),
            **details._asdict(),
        )
        self.entries.append(row)

    def _is_reported(self, kind: EntryKind[Any], room: RoomId | None) -> bool:
        if kind.refusal is None:
            return False
        return not kind.refusal.only_elsewhere or room not in (None, self.origin.room)

    def _requester(self) -> Requester | None:
        """Return who requested this and where to tell them if the homeserver refuses it."""
        origin = self.origin
        if origin.requester is None:
            return None
        return Requester(
            origin.requester,
            origin.room,
            origin.event,
            origin.thread,
            tells_in_private=origin.tells_in_private,
        )

    def told_in_private(self, person: UserId | None) -> Requester | None:
        """Return this person as the one who is told in private if the entry is refused; None for
        nobody."""
        if person is None:
            return None
        return Requester(person, self.origin.room, tells_in_private=True)

    def room_or_here(self, room: RoomId | None) -> Address:
        """Return the address of this room, or without one, of the room in which the answer is
        given."""
        return Address(room or self.origin.room, None)

    async def resolve_address(self, room: RoomId | None, to: UserId | None) -> Address:
        """Return the room or person to which an effect is sent.

        An answer to a line in a private room goes to that room, even if it is not the newest one.
        """
        if to is None:
            return self.room_or_here(room)
        here = await self._room(self.origin.room)
        if here is not None and here.private_of == to:
            return Address(here.room, None)
        return Address(None, to)

    async def answers_in_private(self, address: Address) -> bool:
        """Return whether this address is the private room in which somebody asked.

        What they are answered there, a receipt, a refusal or that help is called, is an ordinary
        message: clients draw notices in grey or in italics.
        """
        if self.origin.event is None or address.room != self.origin.room:
            return False
        here = await self._room(self.origin.room)
        return here is not None and here.private_of is not None

    async def resolve_target(
        self, target: Target, room: RoomId | None, to: UserId | None, *, is_quiet: bool = False
    ) -> tuple[str, Address] | None:
        """Return the event or outbox entry that an effect changes, and its address; None if nothing
        is stored for it."""
        if not isinstance(target, MessageRef):
            return target, await self.resolve_address(room, to)
        found = await outbox_entries.resolve_ref(self.tx, target)
        if found is None and not is_quiet:
            log.warning("effect.names_nothing", item=target.item, slot=target.slot)
        return found

    async def resolve_relation(
        self, reply_to: Target | None, thread: EventId | None, to: UserId | None
    ) -> tuple[Mapping[str, Any], str | None]:
        """Return the `m.relates_to` of a message, and the outbox entry that it must wait for.

        In private there are no threads, and only our own messages are replied to.
        """
        reply, ref = await self._resolve_reply(reply_to, to)
        return event_content.relation_content(reply, thread if to is None else None), ref

    async def _resolve_reply(
        self, reply_to: Target | None, to: UserId | None
    ) -> tuple[str | None, str | None]:
        if reply_to is None or (to is not None and not isinstance(reply_to, MessageRef)):
            return None, None
        if not isinstance(reply_to, MessageRef):
            return reply_to, None
        found = await outbox_entries.resolve_ref(self.tx, reply_to)
        return (None, None) if found is None else (event_content.TARGET_PLACEHOLDER, found[0])
