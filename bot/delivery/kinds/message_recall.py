"""Takes back messages that lie at the homeserver for later, and finds out whether they went out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.delivery.effects import Callback, Effect
from bot.delivery.entry_kind import DeliverySite, EntryKind, PendingEntry
from bot.delivery.entry_writer import EntryWriter
from bot.delivery.payload import Payload
from bot.delivery.subject import Subject, writes
from bot.gateway import SENT_BEFORE, Gateway, Refused, TryLater
from bot.types import Number, RoomId, UserId
from storage import delayed_messages, outbox_entries
from storage.database import Tx
from storage.delayed_messages import DelayedMessage
from storage.outbox_entries import Address, OutboxEntry

BEING_SENT = timedelta(seconds=10)
"""How long after its time a message may be on its way: gone from the list, not yet in the room."""
OVERLAP = timedelta(minutes=1)
"""How long the old message may lie beside the new one, so that never none lies there."""


@dataclass(frozen=True, slots=True)
class TakeBackLater(Effect):
    """Take back what `SayLater` left about the item, for these people or for all.

    `then` runs once for each message: its payload has `user`, whom the message is for, `by`, who is
    `asked_by` if they were not forgotten meanwhile, and `code`. That is empty if the message does
    not go out, `SENT_BEFORE` if it had gone out, else the homeserver's refusal: then it may still
    go out, and stays stored until another `TakeBackLater` of after its time has found out.
    `once_more`: only what was to be taken back before.
    """

    item: Number
    people: tuple[UserId, ...] = ()
    asked_by: UserId | None = None
    then: Callback | None = None
    once_more: bool = False


@dataclass(frozen=True, slots=True)
class TakingBackPayload(Payload):
    """The number of a delayed message that is to be taken back, and whom it is for."""

    number: int
    reader: UserId | None = None

    @property
    def person(self) -> UserId | None:
        return self.reader


async def take_back(
    gateway: Gateway, entry: PendingEntry[TakingBackPayload], site: DeliverySite
) -> None:
    """Cancel a delayed message at the homeserver. Idempotent.

    One that is not there yet will not be left there. Raises `Refused(SENT_BEFORE)` for one that was
    sent.
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
    await _cancel_unless_sent(gateway, old, old.delay_id, site.now)


async def _cancel_unless_sent(
    gateway: Gateway, old: DelayedMessage, delay_id: str, now: datetime
) -> None:
    """Cancel a message, or find out that it went out.

    The refusal of a homeserver is final only after the message's time, when it can be looked for.
    """
    try:
        if await gateway.delayed.cancel(delay_id):
            return
    except Refused:
        if now < old.send_at + BEING_SENT:
            raise
    if old.room is not None and await gateway.find_sent(old.room, old.txn, old.send_at):
        raise Refused(SENT_BEFORE)
    if old.send_at <= now < old.send_at + BEING_SENT:
        raise TryLater("being_sent", timedelta(seconds=2))


async def _delete_if_nobody_leaves_it(tx: Tx, old: DelayedMessage) -> None:
    """Delete the row of a message whose entry is gone, as with a forgotten person."""
    if await outbox_entries.get_by_txn(tx, old.txn) is None:
        await delayed_messages.delete(tx, old.number)


async def forget_taken_back(tx: Tx, row: OutboxEntry, refused: str | None) -> None:
    """Delete the row of a delayed message that is no longer at the homeserver, or about which
    nobody waits to hear."""
    payload = TakingBackPayload.from_json(row.stored)
    if refused in (None, SENT_BEFORE) or payload.then is None:
        await delayed_messages.delete_left(tx, payload.number)


TAKING_BACK = EntryKind("take_back_later", TakingBackPayload, take_back, finished=forget_taken_back)


async def write_taking_back(writer: EntryWriter, effect: TakeBackLater) -> None:
    """Write the outbox entries that cancel the delayed messages about an item."""
    found = await delayed_messages.about(writer.tx, effect.item, effect.people)
    meant = [one for one in found if not (effect.once_more and one.wanted)]
    await take_each_back(writer, meant, effect.asked_by, effect.then)


async def take_each_back(
    writer: EntryWriter,
    found: Collection[DelayedMessage],
    asked_by: UserId | None,
    then: Callback | None,
) -> None:
    """Write an outbox entry that cancels each delayed message, in queues of their own, unless there
    is one.

    So none waits for a person or a room.
    """
    asked = writer.told_in_private(asked_by)
    for one in found:
        await delayed_messages.mark_unwanted(writer.tx, one.number)
        queue = RoomId(f"later:{one.number}")
        if not await outbox_entries.has_entry_for(writer.tx, queue):
            payload = TakingBackPayload(one.number, one.person, requester=asked, then=then)
            await writer.put_entry(TAKING_BACK, payload, Address(queue, None))


SUBJECT = Subject(kinds=(TAKING_BACK,), writers=(writes(TakeBackLater, write_taking_back),))
