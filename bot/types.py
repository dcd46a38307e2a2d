"""The nouns everyone shares: ids, what happens, what is done. Plain frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NewType

UserId = NewType("UserId", str)
RoomId = NewType("RoomId", str)
EventId = NewType("EventId", str)
Number = NewType("Number", int)
"""The short number of an item (poll, event, request …): one sequence for the whole network."""

LANGUAGES = ("es", "pt", "en")
CREATOR = 10**9
"""The power of a creator from room version 12 on: above every number a room can set."""


class Membership(StrEnum):
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
    REPLACED = "replaced"  # of a person whose identity is a new one that nobody confirmed (0024)


# --- what happens -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Media:
    """A file somebody sent: where it is and how to decrypt it. Nothing in it is to be believed."""

    url: str
    name: str
    mime: str
    size: int
    secret: Mapping[str, Any] | None  # EncryptedFile of the spec: key, iv, hashes, v


@dataclass(frozen=True, slots=True)
class Message:
    """A message a person sent in a room, already decrypted. Never an edit, never a notice.

    `at` is UTC and follows DESIGN §4: our clock when read live, else the server's stamp within
    bounds. `late` says that it was read in a catch-up. `mentions` holds users that are meant.
    `relation_sealed`: what it replies to, and its thread, stood inside the ciphertext, or it has
    neither; else its homeserver may have chosen them (decision 0025).
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


@dataclass(frozen=True, slots=True)
class PollVote:
    """A response to a native poll (MSC3381). No answers: the vote is taken back.

    `stamp` is `origin_server_ts` in ms: MSC3381 counts the latest response by it.
    `relation_sealed`: `poll` stood inside the ciphertext.
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
    """Somebody ended a native poll from their own app."""

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
    """A native poll that a person made in their own app, and what could be read of its responses.

    `ended`: `origin_server_ts` (ms) of its end. `unread`: responses whose key we don't have;
    `whole`: False if there are more responses than are read at once. `disclosed`: the counts may
    be seen before the end. `ended_by`: what is known of the device that ended it.
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
    """An annotation. It is not encrypted: a shortcut where a room allows it, never a vote."""

    room: RoomId
    event: EventId
    sender: UserId
    at: datetime
    target: EventId
    key: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Edited:
    """A person changed a message; `target` is the first one, which need not be theirs.

    Nothing is done again because of it: only a capability that keeps words may want to know.
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
    room: RoomId
    event: EventId
    sender: UserId
    at: datetime
    target: EventId
    late: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """A person's membership of a room changed, as the server's state says."""

    room: RoomId
    event: EventId
    sender: UserId
    at: datetime
    user: UserId
    now: Membership
    before: Membership
    reason: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Invited:
    """The bot was invited to a room it is not in. `at` is our clock.

    `kind` is the room's type as its server says it, vouched for by nobody yet.
    """

    room: RoomId
    event: EventId
    sender: UserId
    at: datetime
    direct: bool
    encrypted: bool
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Upgraded:
    """The server's state says that `room` was replaced; `successor` names it as its predecessor.

    `powered`: the tombstone's sender has the power to replace the room. `authentic`: and the new
    room's create event points back, which can often be read only once we are in it.
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
    """The keys that sign a person's devices are other ones than before. `room` is none at all.

    `key` stands for the new master key where it has to be confirmed.
    """

    room: RoomId
    event: EventId
    sender: UserId
    at: datetime
    key: str = ""


@dataclass(frozen=True, slots=True)
class OldIdentity:
    """While a new identity waits, the old one speaks. `room` is none at all.

    `back`: the server shows the old keys again, and nothing waits any more.
    """

    room: RoomId
    event: EventId
    sender: UserId
    at: datetime
    back: bool = False


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A person signed a device of theirs that was not signed before. `room` is none at all."""

    room: RoomId
    event: EventId
    sender: UserId
    at: datetime


@dataclass(frozen=True, slots=True)
class Devices:
    """A person's devices as their server lists them: those that they signed, and the others.

    `master`: the public master key that vouches for them; None if there is none.
    """

    signed: tuple[str, ...]
    unsigned: tuple[str, ...]
    master: str | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A message that could not be decrypted within a minute of its arrival.

    `withheld`: the sender's app said that it keeps the key from us on purpose.
    """

    room: RoomId
    event: EventId  # made up: the message itself is still to be handled if its key comes
    sender: UserId
    at: datetime
    message: EventId
    thread: EventId | None = None
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Echo:
    """One of our own events came back from the server, with the transaction id we gave it."""

    room: RoomId
    event: EventId
    sender: UserId
    at: datetime
    txn: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A hole in a room's history that could not be filled; the room is told."""

    room: RoomId
    event: EventId  # made up from the token, so that it is told once
    sender: UserId
    at: datetime


@dataclass(frozen=True, slots=True)
class Ruled:
    """A rule of a shared ban list (spec §Moderation policy lists); without content it is gone."""

    room: RoomId
    event: EventId
    sender: UserId
    at: datetime
    kind: str  # user, server or room
    key: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StateSet:
    """Who comes into the room, reads it or may do what was set anew; `kind` is the event's type."""

    room: RoomId
    event: EventId
    sender: UserId
    at: datetime
    kind: str


@dataclass(frozen=True, slots=True)
class Foreign:
    """A decrypted event of a type that only some rooms allow (`org.minga.link`)."""

    room: RoomId
    event: EventId
    sender: UserId
    at: datetime
    type: str
    content: Mapping[str, Any]
    late: bool = False
    trust: Trust = Trust.SIGNED


Happening = (
    Message
    | PollVote
    | PollEnd
    | Reaction
    | Edited
    | Redaction
    | Moved
    | Invited
    | Upgraded
    | NewIdentity
    | OldIdentity
    | Confirmed
    | Unreadable
    | Echo
    | Gap
    | Ruled
    | StateSet
    | Foreign
)


# --- sentences, not yet in any language ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence to be said: English with `{holes}`, and the values. gettext translates it.

    Values may be text, numbers, `Moment`, `Day`, `Span`, `Person`, `Words`, other `Line`s, or
    tuples of these (joined with ` · `). What a person typed comes in as a value, never in `msgid`.
    """

    msgid: str
    values: Mapping[str, Any] = field(default_factory=dict)
    plural: str | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant shown with weekday, date, time, zone. `at` is UTC; `zone` None: the reader's."""

    at: datetime
    zone: str | None = None
    with_zone: bool = True


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar date shown in words, without a clock."""

    at: datetime
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A person shown by name, beside their address where names could be mistaken."""

    user: UserId
    full: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time shown in words (`2 h 10 min`)."""

    length: timedelta
