"""Messages: texts, their edits, reactions and events of custom types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.delivery import event_content, rendering
from bot.delivery.effects import Edit, React, Say, SendRaw
from bot.delivery.entry_kind import DeliverySite, EntryKind, PendingEntry, Refusal
from bot.delivery.entry_writer import EntryDetails, EntryWriter
from bot.delivery.payload import MessagePayload, stored_as
from bot.delivery.rendering import RenderedText
from bot.delivery.subject import Subject, writes
from bot.gateway import Sender
from bot.i18n import _
from bot.run.duties import daily_digest
from bot.types import EventId, UserId
from storage import outbox_entries
from storage.membership.room import Room
from storage.outbox_entries import Address

MESSAGE = "m.room.message"


@dataclass(frozen=True, slots=True)
class EventPayload(MessagePayload):
    """An event. Only members in `readers` get its key (None: all of them)."""

    readers: tuple[UserId, ...] | None = field(default=None, metadata=stored_as("readers", tuple))
    is_help: bool = field(default=False, metadata=stored_as("help"))


def may_not_send(_payload: MessagePayload, room: Room, me: UserId) -> bool:
    """Return whether the bot's power level is too low to send messages in the room."""
    return room.power_of(me) < room.power_to_write


async def send_event(
    gateway: Sender, entry: PendingEntry[EventPayload], site: DeliverySite
) -> EventId | None:
    """Send the event of an outbox entry and return its id; None if the message that it relates to
    does not exist."""
    body = event_content.fill_target(entry.payload.content, entry.row.target)
    if entry.row.target is None and event_content.needs_target(body):
        return None
    return await send_content(gateway, entry, site, body, entry.payload.readers)


async def send_content(
    gateway: Sender,
    entry: PendingEntry[Any],
    site: DeliverySite,
    body: Mapping[str, Any],
    readers: tuple[UserId, ...] | None = None,
) -> EventId:
    """Send an event with this content, and the type and transaction id of the outbox entry. Return
    its event id."""
    row, payload = entry.row, entry.payload
    alone = row.person or payload.private_of
    return await gateway.send(site.room, payload.type, body, row.txn, alone=alone, readers=readers)


EVENT: EntryKind[EventPayload] = EntryKind(
    "event",
    EventPayload,
    send_event,
    refusal=Refusal(
        lambda _payload: _("I could not post what you asked for"),
        may_not_send,
        only_elsewhere=True,
    ),
)


async def write_message(writer: EntryWriter, effect: Say) -> None:
    """Write a text message into the outbox, or keep it for the room's daily digest."""
    if effect.to == "":  # its addressee was forgotten
        return
    if "" in effect.mentions:  # so was somebody named in it
        effect = replace(effect, mentions=tuple(filter(None, effect.mentions)))
    relates, ref = await writer.resolve_relation(effect.reply_to, effect.thread, effect.to)
    words = await writer.texts.render(effect.lines, effect.room, effect.to, effect.mentions)
    if await _keep_for_digest(writer, effect, words):
        return
    address = await writer.resolve_address(effect.room, effect.to)
    loud = effect.loud or await writer.answers_in_private(address)
    body = event_content.message_content(
        words, loud=loud, mentions=effect.mentions, relates=relates
    )
    details = EntryDetails(ref, effect.item, effect.slot)
    await writer.put_message(EVENT, EventPayload(MESSAGE, body), address, details)


async def _keep_for_digest(writer: EntryWriter, effect: Say, words: RenderedText) -> bool:
    """Keep a message for the daily digest, if the room has one and it can wait.

    Return whether it was kept.
    """
    if not daily_digest.is_for_digest(effect, asked=writer.origin.event is not None):
        return False
    room = effect.room or writer.origin.room
    known = await writer.texts.room_policy(room)
    named = {*effect.mentions, *rendering.people_in(effect.lines)}
    return await daily_digest.keep_for_digest(
        writer.tx, room, words.plain, named, known, writer.texts.now
    )


async def write_edit(writer: EntryWriter, effect: Edit) -> None:
    """Write the outbox entry that replaces a message, as loud and with the mentions that it had."""
    found = await writer.resolve_target(effect.target, effect.room, effect.to)
    if found is None:
        return
    ref, address = found
    loud, mentions = await outbox_entries.manner_of(writer.tx, ref)
    words = await writer.texts.render(effect.lines, address.room, address.person, mentions)
    body = event_content.edit_content(words, loud=loud, mentions=mentions)
    await writer.put_message(EVENT, EventPayload(MESSAGE, body), address, EntryDetails(ref))


async def write_reaction(writer: EntryWriter, effect: React) -> None:
    """Write the outbox entry of a reaction to a message."""
    found = await writer.resolve_target(effect.target, effect.room, None)
    if found is not None:
        body = event_content.reaction_content(effect.key)
        payload = EventPayload("m.reaction", body)
        await writer.put_message(EVENT, payload, found[1], EntryDetails(found[0]))


async def write_raw_event(writer: EntryWriter, effect: SendRaw) -> None:
    """Write the outbox entry of an event of a custom type."""
    payload = EventPayload(effect.type, dict(effect.content), readers=effect.readers)
    await writer.put_message(EVENT, payload, Address(effect.room, None), EntryDetails())


SUBJECT = Subject(
    kinds=(EVENT,),
    writers=(
        writes(Say, write_message),
        writes(Edit, write_edit),
        writes(React, write_reaction),
        writes(SendRaw, write_raw_event),
    ),
)
