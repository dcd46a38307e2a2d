"""Messages that lie at the homeserver for later (MSC4140), so that they outlive the bot.

Each has an outbox entry with the same news for when its time has come. Only one of the two reaches
the person.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.delivery import event_content
from bot.delivery.effects import Effect
from bot.delivery.entry_kind import DeliverySite, EntryKind, PendingEntry
from bot.delivery.entry_writer import NO_DETAILS, EntryWriter
from bot.delivery.kinds.messages import MESSAGE, send_content
from bot.delivery.payload import MessagePayload, Payload, stored_as
from bot.delivery.subject import Subject, writes
from bot.gateway import Gateway, TryLater
from bot.types import EventId, Line, Number, RoomId, UserId
from storage import delayed_messages, outbox_entries
from storage.database import Tx
from storage.delayed_messages import DelayedMessage
from storage.outbox_entries import Address, OutboxEntry

log = structlog.get_logger(__name__)

BEING_SENT = timedelta(seconds=10)
"""How long after its time a message may be on its way: gone from the list, not yet in the room."""
OVERLAP = timedelta(minutes=1)
"""How long the old message may lie beside the new one, so that never none lies there."""
CLOCK_SKEW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class SayLater(Effect):
    """Leave lines for a person at the homeserver, which sends them at `at` (UTC) by itself.

    They are encrypted when they are left. An earlier one for them about the item is taken back,
    once the new one lies there. Nothing is left if the time comes before it can be.
    """

    lines: tuple[Line, ...]
    to: UserId
    item: Number
    at: datetime


@dataclass(frozen=True, slots=True)
class TakeBackLater(Effect):
    """Take back what `SayLater` left about the item, for these people or for all."""

    item: Number
    people: tuple[UserId, ...] = ()


@dataclass(frozen=True, slots=True)
class SayUnlessSent(Effect):
    """Say lines to a person in place of what `SayLater` left about the item.

    That is taken back first. If it has gone out already, these lines are not said.
    """

    lines: tuple[Line, ...]
    to: UserId
    item: Number


# --- to leave -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LaterPayload(MessagePayload):
    """A message to be left at the homeserver. `tried`: an earlier try may have left it."""

    tried: bool = False


async def leave_message(
    gateway: Gateway, entry: PendingEntry[LaterPayload], site: DeliverySite
) -> None:
    """Leave the message at the homeserver, at most once.

    Does nothing if it is not wanted any more or its time has come.
    """
    async with site.db.reading() as tx:
        wish = await delayed_messages.get_by_txn(tx, entry.row.txn)
    delay_id = await _find_left(gateway, entry, site) if entry.payload.tried else None
    if wish is None or not wish.wanted:
        if delay_id is not None:
            await gateway.delayed.cancel(delay_id)
        return
    if delay_id is None:
        if wish.send_at <= site.now:
            return
        delay_id = await _leave(gateway, entry, site, wish)
    async with site.db.transaction() as tx:
        is_wanted = await delayed_messages.mark_left(tx, wish.number, site.room, delay_id)
    if not is_wanted:  # taken back meanwhile, by an entry that found nothing there
        await gateway.delayed.cancel(delay_id)
        async with site.db.transaction() as tx:
            await delayed_messages.delete(tx, wish.number)


async def _leave(
    gateway: Gateway, entry: PendingEntry[LaterPayload], site: DeliverySite, wish: DelayedMessage
) -> str:
    """Leave the message at the homeserver, and return its delay id.

    Stores before that it is tried, so that a lost answer leaves no second one.
    """
    tried = replace(entry.payload, tried=True)
    async with site.db.transaction() as tx:
        await outbox_entries.save_payload(tx, entry.row.id, tried.to_json())
    return await gateway.delayed.leave(
        site.room,
        entry.payload.type,
        entry.payload.content,
        entry.row.txn,
        wish.send_at - site.now,
        alone=wish.person,
    )


async def _find_left(
    gateway: Gateway, entry: PendingEntry[LaterPayload], site: DeliverySite
) -> str | None:
    """Return the delay id of an earlier try whose answer was lost, or None.

    A person's messages are left one after the other, so one that nobody knows is this one.
    """
    async with site.db.reading() as tx:
        known = await delayed_messages.known_delay_ids(tx)
    since = entry.row.written - CLOCK_SKEW
    for one in await gateway.delayed.listed():
        if one.room == site.room and one.since >= since and one.delay_id not in known:
            return one.delay_id
    return None


async def forget_never_left(tx: Tx, row: OutboxEntry) -> None:
    """Delete the row of a message that did not reach the homeserver after all."""
    await delayed_messages.delete_never_left(tx, row.txn)


LATER = EntryKind(
    "say_later",
    LaterPayload,
    leave_message,
    queue=lambda row, _payload: f"later {row.person}",
    finished=forget_never_left,
)


async def write_later(writer: EntryWriter, effect: SayLater) -> None:
    """Write the entry that leaves a message, then those that take earlier ones back."""
    before = await delayed_messages.about(writer.tx, effect.item, (effect.to,))
    payload = LaterPayload(MESSAGE, await _loud_content(writer, effect.lines, effect.to))
    await writer.put_message(LATER, payload, Address(None, effect.to), NO_DETAILS)
    txn = await outbox_entries.txn_of(writer.tx, writer.entries[-1])
    assert txn is not None, "it was just written"
    await delayed_messages.add(writer.tx, effect.item, effect.to, effect.at, txn)
    await _write_taking_back(writer, before)


# --- to take back ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TakingBackPayload(Payload):
    """The number of a delayed message that is to be taken back."""

    number: int


async def take_back(
    gateway: Gateway, entry: PendingEntry[TakingBackPayload], site: DeliverySite
) -> None:
    """Take the message back from the homeserver. Idempotent.

    One that does not lie there yet is not left any more.
    """
    async with site.db.reading() as tx:
        old = await delayed_messages.get(tx, entry.payload.number)
        new = await delayed_messages.wanted(tx, old.item, old.person) if old else None
    if old is None:
        return
    if old.delay_id is None:
        async with site.db.transaction() as tx:
            await _delete_if_nobody_leaves_it(tx, old)
        return
    is_awaited = new is not None and new.delay_id is None
    if is_awaited and site.now < min(entry.row.written + OVERLAP, old.send_at - BEING_SENT):
        raise TryLater("not_replaced_yet", timedelta(seconds=1))
    await gateway.delayed.cancel(old.delay_id)


async def _delete_if_nobody_leaves_it(tx: Tx, old: DelayedMessage) -> None:
    """Delete the row of a message whose entry is gone, as with a forgotten person."""
    if await outbox_entries.get_by_txn(tx, old.txn) is None:
        await delayed_messages.delete(tx, old.number)


async def forget_taken_back(tx: Tx, row: OutboxEntry) -> None:
    """Delete the row of a message that was taken back, or that the server would not give back."""
    await delayed_messages.delete_left(tx, TakingBackPayload.from_json(row.stored).number)


TAKING_BACK = EntryKind("take_back_later", TakingBackPayload, take_back, finished=forget_taken_back)


async def write_taking_back(writer: EntryWriter, effect: TakeBackLater) -> None:
    """Write the entries that take back what was left about an item."""
    found = await delayed_messages.about(writer.tx, effect.item, effect.people)
    await _write_taking_back(writer, found)


async def _write_taking_back(writer: EntryWriter, found: Collection[DelayedMessage]) -> None:
    """Write an entry for each message, in queues of their own.

    So none waits for a person or a room.
    """
    for one in found:
        await delayed_messages.mark_unwanted(writer.tx, one.number)
        address = Address(RoomId(f"later:{one.number}"), None)
        await writer.put_entry(TAKING_BACK, TakingBackPayload(one.number), address)


# --- to say it oneself ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InsteadPayload(MessagePayload):
    """A message that is sent unless the delayed message of this number has gone out."""

    number: int = field(default=0, metadata=stored_as("instead_of"))


async def send_unless_sent(
    gateway: Gateway, entry: PendingEntry[InsteadPayload], site: DeliverySite
) -> EventId:
    """Take the delayed message back and send this one; return its event id.

    If the delayed message went out, return its event id and send nothing.
    """
    async with site.db.reading() as tx:
        left = await delayed_messages.get(tx, entry.payload.number)
    if left is not None and left.delay_id is not None and left.room is not None:
        if not await gateway.delayed.cancel(left.delay_id):
            found = await gateway.find_sent(left.room, left.txn, left.send_at)
            if found is not None:
                return found
            if left.send_at <= site.now < left.send_at + BEING_SENT:
                raise TryLater("being_sent", timedelta(seconds=2))
        log.info("delayed_messages.said_instead", entry=entry.row.id)
    return await send_content(gateway, entry, site, entry.payload.content)


async def forget_left(tx: Tx, row: OutboxEntry) -> None:
    """Delete the row of the delayed message that this entry replaced."""
    await delayed_messages.delete(tx, InsteadPayload.from_json(row.stored).number)


INSTEAD: EntryKind[Any] = EntryKind(
    "say_unless_sent", InsteadPayload, send_unless_sent, finished=forget_left
)


async def write_instead(writer: EntryWriter, effect: SayUnlessSent) -> None:
    """Write a message in place of a delayed one, which is not to be left any more."""
    left = await delayed_messages.wanted(writer.tx, effect.item, effect.to)
    if left is not None:
        await delayed_messages.mark_unwanted(writer.tx, left.number)
    payload = InsteadPayload(
        MESSAGE,
        await _loud_content(writer, effect.lines, effect.to),
        number=left.number if left is not None else 0,
    )
    await writer.put_message(INSTEAD, payload, Address(None, effect.to), NO_DETAILS)


async def _loud_content(
    writer: EntryWriter, lines: tuple[Line, ...], to: UserId
) -> Mapping[str, Any]:
    words = await writer.texts.render(lines, None, to, ())
    return event_content.message_content(words, loud=True, mentions=(), relates={})


SUBJECT = Subject(
    kinds=(LATER, TAKING_BACK, INSTEAD),
    writers=(
        writes(SayLater, write_later),
        writes(TakeBackLater, write_taking_back),
        writes(SayUnlessSent, write_instead),
    ),
)
