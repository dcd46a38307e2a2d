"""Messages that lie at the homeserver for later (MSC4140), so that they outlive the bot.

Each has an outbox entry with the same news for when its time has come. Only one of the two reaches
the person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.delivery import event_content
from bot.delivery.effects import Callback, Effect
from bot.delivery.entry_kind import DeliverySite, EntryKind, PendingEntry
from bot.delivery.entry_writer import NO_DETAILS, EntryDetails, EntryWriter
from bot.delivery.kinds.message_recall import BEING_SENT, take_each_back
from bot.delivery.kinds.messages import MESSAGE, send_content
from bot.delivery.payload import MessagePayload, stored_as
from bot.delivery.subject import Subject, writes
from bot.gateway import DelayedEvent, Gateway, Refused, TryLater
from bot.lines import Line
from bot.types import EventId, Number, UserId
from storage import delayed_messages, outbox_entries
from storage.database import Tx
from storage.delayed_messages import DelayedMessage
from storage.outbox_entries import Address, OutboxEntry

log = structlog.get_logger(__name__)

CLOCK_SKEW = timedelta(hours=1)
TIMES_APART = timedelta(minutes=5)
"""How far the homeserver's time of a message may be from ours: clocks, and a slow request."""


@dataclass(frozen=True, slots=True)
class SayLater(Effect):
    """Leave lines for a person at the homeserver, which sends them at `at` (UTC) by itself.

    They are encrypted when they are left. An earlier one for them about the item is taken back,
    once the new one lies there: `asked_by` and `then` are as in `TakeBackLater`. Nothing is left if
    the time comes before it can be.
    """

    lines: tuple[Line, ...]
    to: UserId
    item: Number
    at: datetime
    asked_by: UserId | None = None
    then: Callback | None = None


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
    """Leave the message at the homeserver, which sends it later by itself, at most once.

    Does nothing if it is not wanted any more or its time has come.
    """
    async with site.db.reading() as tx:
        wish = await delayed_messages.get_by_txn(tx, entry.row.txn)
    delay_id = wish.delay_id if wish is not None else None
    if delay_id is None and entry.payload.tried:
        delay_id = await _find_left(gateway, entry, site, wish)
    if wish is None or not wish.wanted:
        if delay_id is not None:
            await _take_unwanted_back(gateway, site, wish, delay_id)
        return
    if delay_id is None:
        if wish.send_at <= site.now:
            return
        delay_id = await _leave(gateway, entry, site, wish)
    async with site.db.transaction() as tx:
        is_wanted = await delayed_messages.mark_left(tx, wish.number, site.room, delay_id)
    if not is_wanted:  # taken back meanwhile, by an entry that found nothing there
        await _take_unwanted_back(gateway, site, wish, delay_id)


async def _take_unwanted_back(
    gateway: Gateway, site: DeliverySite, wish: DelayedMessage | None, delay_id: str
) -> None:
    await gateway.delayed.cancel(delay_id)
    if wish is not None:
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
    gateway: Gateway,
    entry: PendingEntry[LaterPayload],
    site: DeliverySite,
    wish: DelayedMessage | None,
) -> str | None:
    """Return the delay id of an earlier try whose answer was lost, or None.

    A person's messages are left one after the other, so one for its time that nobody knows is this
    one. Others that nobody knows were left by a database that a backup has replaced since.
    """
    async with site.db.reading() as tx:
        known = await delayed_messages.known_delay_ids(tx)
    since = entry.row.written - CLOCK_SKEW
    for one in await gateway.delayed.listed():
        is_unknown = one.room == site.room and one.since >= since and one.delay_id not in known
        if is_unknown and _is_due_with(one, wish):
            return one.delay_id
    return None


def _is_due_with(one: DelayedEvent, wish: DelayedMessage | None) -> bool:
    """Return whether a message at the homeserver goes out when the wished one is to."""
    if wish is None or one.send_at is None:
        return True
    return abs(one.send_at - wish.send_at) <= TIMES_APART


async def forget_never_left(tx: Tx, row: OutboxEntry, _refused: str | None) -> None:
    """Delete the row of a delayed message that the homeserver never received."""
    await delayed_messages.delete_never_left(tx, row.txn)


LATER = EntryKind(
    "say_later",
    LaterPayload,
    leave_message,
    queue=lambda row, _payload: f"later {row.person}",
    finished=forget_never_left,
)


async def write_later(writer: EntryWriter, effect: SayLater) -> None:
    """Write the outbox entry that leaves a delayed message at the homeserver, then those that
    cancel earlier ones."""
    before = await delayed_messages.about(writer.tx, effect.item, (effect.to,))
    payload = LaterPayload(MESSAGE, await _loud_content(writer, effect.lines, effect.to))
    await writer.put_message(LATER, payload, Address(None, effect.to), NO_DETAILS)
    txn = await outbox_entries.txn_of(writer.tx, writer.entries[-1])
    assert txn is not None, "it was just written"
    await delayed_messages.add(writer.tx, effect.item, effect.to, effect.at, txn)
    await take_each_back(writer, before, effect.asked_by, effect.then)


# --- to say it oneself ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InsteadPayload(MessagePayload):
    """A message that is sent unless the delayed message of this number has gone out."""

    number: int = field(default=0, metadata=stored_as("instead_of"))


async def send_unless_sent(
    gateway: Gateway, entry: PendingEntry[InsteadPayload], site: DeliverySite
) -> EventId:
    """Cancel the delayed message at the homeserver and send this one; return its event id.

    If the delayed message was sent already, return its event id and send nothing.
    """
    async with site.db.reading() as tx:
        left = await delayed_messages.get(tx, entry.payload.number)
    if left is not None and left.delay_id is not None and left.room is not None:
        may_wait = site.now < left.send_at + BEING_SENT
        if not await _took_back(gateway, left.delay_id, may_wait=may_wait):
            found = await gateway.find_sent(left.room, left.txn, left.send_at)
            if found is not None:
                return found
            if left.send_at <= site.now < left.send_at + BEING_SENT:
                raise TryLater("being_sent", timedelta(seconds=2))
        log.info("delayed_messages.said_instead", entry=entry.row.id)
    return await send_content(gateway, entry, site, entry.payload.content)


async def _took_back(gateway: Gateway, delay_id: str, *, may_wait: bool) -> bool:
    """Return whether the message was taken back. Raises `TryLater` while that may wait.

    A homeserver that won't, as where delayed events were turned off since, must not keep ours from
    being said: twice is better than never.
    """
    try:
        return await gateway.delayed.cancel(delay_id)
    except Refused as refused:
        log.warning("delayed_messages.not_taken_back", code=refused.code)
    except TryLater as later:
        if may_wait:
            raise
        log.warning("delayed_messages.not_taken_back", code=later.code)
    return False


async def forget_left(tx: Tx, row: OutboxEntry, _refused: str | None) -> None:
    """Delete the row of the delayed message that this outbox entry replaced."""
    await delayed_messages.delete(tx, InsteadPayload.from_json(row.stored).number)


INSTEAD: EntryKind[Any] = EntryKind(
    "say_unless_sent", InsteadPayload, send_unless_sent, finished=forget_left
)


async def write_instead(writer: EntryWriter, effect: SayUnlessSent) -> None:
    """Write the outbox entry of a message sent in place of a delayed one, which is cancelled."""
    left = await delayed_messages.wanted(writer.tx, effect.item, effect.to)
    if left is not None:
        await delayed_messages.mark_unwanted(writer.tx, left.number)
    payload = InsteadPayload(
        MESSAGE,
        await _loud_content(writer, effect.lines, effect.to),
        number=left.number if left is not None else 0,
    )
    details = EntryDetails(item=effect.item)
    await writer.put_message(INSTEAD, payload, Address(None, effect.to), details)


async def _loud_content(
    writer: EntryWriter, lines: tuple[Line, ...], to: UserId
) -> Mapping[str, Any]:
    words = await writer.texts.render(lines, None, to, ())
    return event_content.message_content(words, loud=True, mentions=(), relates={})


SUBJECT = Subject(
    kinds=(LATER, INSTEAD),
    writers=(writes(SayLater, write_later), writes(SayUnlessSent, write_instead)),
)
