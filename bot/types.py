"""What happens in rooms, as frozen dataclasses, and the ids in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

UserId = NewType("UserId", str)
RoomId = NewType("RoomId", str)
EventId = NewType("EventId", str)
Number = NewType("Number", int)
"""The short number of an item (poll, event, request …), one sequence for the whole network."""

LANGUAGES = ("es", "pt", "en")
CREATOR = 10**9
"""The power level of a room's creator from room version 12 on, above every other."""


class Membership(StrEnum):
    """A person's membership of a room (spec, `m.room.member`)."""

    JOIN = "join"
    INVITE = "invite"
    KNOCK = "knock"
    LEAVE = "leave"
    BAN = "ban"


class Trust(StrEnum):
    """What is known of the device that sent something (MSC4153)."""

    SIGNED = "signed"  # signed by its owner's self-signing key
    UNSIGNED = "unsigned"  # a known device that its owner has not signed
    PLAIN = "plain"  # sent without encryption
    REPLACED = "replaced"  # its owner has a new, unconfirmed identity (decision 0024)


# --- what happens -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Media:
    """A file that somebody sent: its URI and its decryption keys. All fields are untrusted."""

    url: str
    name: str
    mime: str
    size: int
    secret: Mapping[str, Any] | None  # EncryptedFile of the spec: key, iv, hashes, v


@dataclass(frozen=True, slots=True)
class Message:
    """A decrypted message from a person. Edits and notices are not included.

    `at` is UTC: our clock if read live, else the server's stamp within bounds. `late`: it was read
    in a catch-up. `relation_sealed`: reply relation and thread were inside the ciphertext, or there
    are none; else the homeserver may have chosen them (0025). `original`: what an edit corrects.
    `edited_at`: the server's stamp (UTC) of its last edit, if it was read again as edited.
    """

    room: RoomId
    event: EventId
    sender: UserId
    at: datetime
    text: str
    late: bool = False
    trust: Trust = Trust.SIGNED
    reply_to: EventId | None = None
    thread: EventId | None = None
    mentions: tuple[UserId, ...] = ()
    media: Media | None = None
    voice: bool = False
    relation_sealed: bool = True
    original: EventId | None = None
    edited_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PollVote:
    """A response to a native poll (MSC3381). Empty `answers` withdraw the vote.

    `stamp` is `origin_server_ts` in ms: MSC3381 counts the latest response by it. `relation_sealed`
    is True if `poll` was inside the ciphertext.
    """

    room: RoomId
    event: EventId
    sender: UserId
    at: datetime
    poll: EventId
    answers: tuple[str, ...]
    stamp: int
    late: bool = False
    trust: Trust = Trust.SIGNED
    relation_sealed: bool = True


@dataclass(frozen=True, slots=True)
class PollEnd:
    """The end of a native poll, sent by a person from their own app."""

    room: RoomId
    event: EventId
    sender: UserId
    at: datetime
    poll: EventId
    late: bool = False
    trust: Trust = Trust.SIGNED
    relation_sealed: bool = True


@dataclass(frozen=True, slots=True)
class MemberPoll:
    """A native poll that a person made in their own app, with the responses that could be read.

    `ended` is the `origin_server_ts` (ms) of its end. `unread` counts responses that could not be
    decrypted. `whole` is False if there are more responses than are read at once. `disclosed` is
    True if the counts are public before the end. `most` is the number of answers one may give.
    `ended_by` is the trust of the device that ended it.
    """

    event: EventId
    author: UserId
    question: str
    answers: tuple[tuple[str, str], ...]
    most: int
    votes: tuple[PollVote, ...]
    ended: int | None
    unread: int
    whole: bool = True
    disclosed: bool = True
    ended_by: Trust = Trust.SIGNED


@dataclass(frozen=True, slots=True)
class Reaction:
    """An annotation. It is not encrypted, so it never counts as a vote."""

    room: RoomId
    event: EventId
    sender: UserId
    at: datetime
    target: EventId
    key: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class EditedMessage:
    """An edit of a message. `target` is the original event, which may be another person's.

    Only a line that was not understood is run because of it; it is for those who store texts.
    """

    room: RoomId
    event: EventId
    sender: UserId
    at: datetime
    target: EventId
    text: str
    late: bool = False
    trust: Trust = Trust.SIGNED
    mentions: tuple[UserId, ...] = ()


@dataclass(frozen=True, slots=True)
class Redaction:
    """The redaction of `target`."""

    room: RoomId
    event: EventId
    sender: UserId
    at: datetime
    target: EventId
    late: bool = False


@dataclass(frozen=True, slots=True)
class MembershipChanged:
    """A change of a person's membership of a room, by the server's state."""

    room: RoomId
    event: EventId
    sender: UserId
    at: datetime
    user: UserId
    after: Membership
    before: Membership
    reason: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class BotInvited:
    """An invitation of the bot to a room that it is not in. `at` is our clock.

    `kind` is the room's type as the inviting server states it, not verified yet.
    """

    room: RoomId
    event: EventId
    sender: UserId
    at: datetime
    direct: bool
    encrypted: bool
    kind: str = ""


@dataclass(frozen=True, slots=True)
class RoomUpgraded:
    """The replacement of `room` by `successor`, by the server's state.

    `powered`: the tombstone's sender may replace the room. `authentic`: also, the new room points
    back, which can often be read only after joining it.
    """

    room: RoomId
    event: EventId
    sender: UserId
    at: datetime
    successor: RoomId
    authentic: bool
    powered: bool = False


@dataclass(frozen=True, slots=True)
class NewIdentity:
    """A person's cross-signing keys changed; `key` names the new one if unconfirmed. No `room`."""

    room: RoomId
    event: EventId
    sender: UserId
    at: datetime
    key: str = ""


@dataclass(frozen=True, slots=True)
class OldIdentity:
    """A person wrote with their old identity while a new one waits. `room` is empty.

    `back`: the server lists the old keys again, so nothing waits any more.
    """

    room: RoomId
    event: EventId
    sender: UserId
    at: datetime
    back: bool = False


@dataclass(frozen=True, slots=True)
class DeviceVerified:
    """A person signed one of their devices. `room` is empty."""

    room: RoomId
    event: EventId
    sender: UserId
    at: datetime


@dataclass(frozen=True, slots=True)
class Devices:
    """A person's devices as their server lists them, signed by the person or not.

    `master` is the public master key that vouches for them, or None.
    """

    signed: tuple[str, ...]
    unsigned: tuple[str, ...]
    master: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    """The public signing key (Ed25519, unpadded base64) of each device, by its id."""


@dataclass(frozen=True, slots=True)
class UndecryptedMessage:
    """A message that could not be decrypted within a minute of its arrival.

    `withheld`: the sender's app said that it keeps the key from us on purpose.
    """

    room: RoomId
    event: EventId  # derived: the message itself is still handled if its key comes
    sender: UserId
    at: datetime
    message: EventId
    thread: EventId | None = None
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Echo:
    """One of our own events, as the server returned it with its transaction id."""

    room: RoomId
    event: EventId
    sender: UserId
    at: datetime
    txn: str


@dataclass(frozen=True, slots=True)
class UnfilledGap:
    """A part of a room's history that could not be fetched. The room is told."""

    room: RoomId
    event: EventId  # derived from the token, so that it is told once
    sender: UserId
    at: datetime


@dataclass(frozen=True, slots=True)
class BanRuleChanged:
    """A changed rule of a shared ban list (spec, moderation policy lists). Empty content removes
    it.
    """

    room: RoomId
    event: EventId
    sender: UserId
    at: datetime
    kind: str  # user, server or room
    key: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RoomRightsChanged:
    """A change of who may join the room, read it or act in it. `kind` is the event's type.

    The room's state may be another one by now: `content` says what this change made of it.
    """

    room: RoomId
    event: EventId
    sender: UserId
    at: datetime
    kind: str
    content: Mapping[str, Any]


HANDOVER_TYPE = "org.minga.section"
"""The type of events by which one bot hands a room over to another."""
BETWEEN_BOTS = frozenset({"org.minga.link", HANDOVER_TYPE})


@dataclass(frozen=True, slots=True)
class LinkMessage:
    """A decrypted event of a custom type between bots: `org.minga.link` or `HANDOVER_TYPE`."""

    room: RoomId
    event: EventId
    sender: UserId
    at: datetime
    type: str
    content: Mapping[str, Any]
    late: bool = False
    trust: Trust = Trust.SIGNED


@dataclass(frozen=True, slots=True)
class VerificationStep:
    """A step of somebody's verification of us (spec §Key verification framework).

    `step`: `request`, `ready`, `start`, `accept`, `key`, `mac`, `done` or `cancel`. `request`: the
    event that began it, which is this one itself for a request. A step that came to our device
    alone has no `room`, and `request` is the transaction id. `trust` is PLAIN for what came
    unencrypted, as Element sends it: any homeserver on the way can have written it.
    """

    room: RoomId
    event: EventId
    sender: UserId
    at: datetime
    step: str
    request: str
    content: Mapping[str, Any]
    trust: Trust
    late: bool = False


InboundEvent = (
    Message
    | PollVote
    | PollEnd
    | Reaction
    | EditedMessage
    | Redaction
    | MembershipChanged
    | BotInvited
    | RoomUpgraded
    | NewIdentity
    | OldIdentity
    | DeviceVerified
    | UndecryptedMessage
    | Echo
    | UnfilledGap
    | BanRuleChanged
    | RoomRightsChanged
    | LinkMessage
    | VerificationStep
)
