"""The public room: how it is opened and closed, and what is posted there and taken away.

These kinds alone go to public rooms, and to no others (`bot/delivery/destinations.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.delivery import event_content
from bot.delivery.effects import Callback, Effect
from bot.delivery.entry_kind import DeliverySite, EntryKind, PendingEntry
from bot.delivery.entry_writer import NO_DETAILS, EntryDetails, EntryWriter
from bot.delivery.kinds.messages import MESSAGE
from bot.delivery.kinds.redactions import RedactionPayload, redact_with_edits, shred_log
from bot.delivery.payload import MessagePayload, Payload
from bot.delivery.rendering import RenderedText as RenderedText
from bot.delivery.subject import Subject, writes
from bot.gateway import RoomAdmin, Sender
from bot.types import EventId, RoomId
from storage.outbox_entries import Address

JOIN_RULES, TOPIC = "m.room.join_rules", "m.room.topic"


@dataclass(frozen=True, slots=True)
class OpenPublicRoom(Effect):
    """Create the public room with the address `#alias:our server`, or open it again.

    `then` is called back with the room.
    """

    alias: str
    name: str
    topic: str
    then: Callback


@dataclass(frozen=True, slots=True)
class ClosePublicRoom(Effect):
    """Let nobody else into a public room. What was posted there stays and can be read."""

    room: RoomId
    topic: str


@dataclass(frozen=True, slots=True)
class PostPublicly(Effect):
    """Post in a public room, unencrypted. `then` is called back with the event's id.

    No post is ever edited: whoever reads the room reads what an edit replaced, too.
    """

    room: RoomId
    words: RenderedText
    then: Callback | None = None


@dataclass(frozen=True, slots=True)
class TakePostAway(Effect):
    """Redact what was posted in a public room."""

    room: RoomId
    event: EventId


@dataclass(frozen=True, slots=True)
class ClosingPayload(Payload):
    """A public room to close."""

    topic: str


@dataclass(frozen=True, slots=True)
class OpeningPayload(ClosingPayload):
    """A public room to open."""

    alias: str
    name: str


@dataclass(frozen=True, slots=True)
class PublicPostPayload(MessagePayload):
    """A public post."""


@dataclass(frozen=True, slots=True)
class PublicRemovalPayload(RedactionPayload):
    """The redaction of a public post."""


async def make_room(gateway: RoomAdmin, payload: OpeningPayload) -> RoomId:
    """Create the public room of this outbox entry, and return its id. Idempotent by its alias."""
    return await gateway.make_public_room(payload.alias, payload.name, payload.topic)


async def set_openness(gateway: RoomAdmin, entry: PendingEntry[Any], site: DeliverySite) -> None:
    """Let anybody join the public room, or nobody else any more. Idempotent."""
    rule = "public" if isinstance(entry.payload, OpeningPayload) else "invite"
    await gateway.set_state(site.room, JOIN_RULES, "", {"join_rule": rule})
    await gateway.set_state(site.room, TOPIC, "", {"topic": entry.payload.topic})


async def send_post(
    gateway: Sender, entry: PendingEntry[PublicPostPayload], site: DeliverySite
) -> EventId:
    """Send a post to the public room, and return the event's id. The transaction id makes it arrive
    once."""
    post = entry.payload
    return await gateway.send(site.room, post.type, dict(post.content), entry.row.txn)


OPENING = EntryKind(
    "open_public", OpeningPayload, set_openness, open_room=make_room, is_public=True
)
CLOSING = EntryKind("close_public", ClosingPayload, set_openness, is_public=True)
POST = EntryKind("public_post", PublicPostPayload, send_post, is_public=True)
REMOVAL = EntryKind(
    "public_removal", PublicRemovalPayload, redact_with_edits, finished=shred_log, is_public=True
)


async def write_opening(writer: EntryWriter, effect: OpenPublicRoom) -> None:
    """Write the outbox entry that creates the public room."""
    payload = OpeningPayload(effect.topic, effect.alias, effect.name, then=effect.then)
    address = Address(RoomId(f"create:{effect.then.feature}"), None)
    await writer.put_entry(OPENING, payload, address)


async def write_closing(writer: EntryWriter, effect: ClosePublicRoom) -> None:
    """Write the outbox entry that closes the public room to newcomers."""
    await writer.put_entry(CLOSING, ClosingPayload(effect.topic), Address(effect.room, None))


async def write_post(writer: EntryWriter, effect: PostPublicly) -> None:
    """Write the outbox entry of a public post. Whoever follows the room is notified of it."""
    body = event_content.message_content(effect.words, loud=True)
    payload = PublicPostPayload(MESSAGE, body, then=effect.then)
    await writer.put_message(POST, payload, Address(effect.room, None), NO_DETAILS)


async def write_removal(writer: EntryWriter, effect: TakePostAway) -> None:
    """Write the outbox entry that redacts a public post."""
    address = Address(effect.room, None)
    await writer.put_entry(REMOVAL, PublicRemovalPayload(""), address, EntryDetails(effect.event))


SUBJECT = Subject(
    kinds=(OPENING, CLOSING, POST, REMOVAL),
    writers=(
        writes(OpenPublicRoom, write_opening),
        writes(ClosePublicRoom, write_closing),
        writes(PostPublicly, write_post),
        writes(TakePostAway, write_removal),
    ),
)
