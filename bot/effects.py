"""What a handler has done: effects, as plain frozen data. The outbox does them, once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from bot.types import EventId, Line, Media, Number, RoomId, UserId


@dataclass(frozen=True, slots=True)
class Ref:
    """Names a message of ours by the item it is about: `Ref(57, "opening")`."""

    item: Number
    slot: str


Target = EventId | Ref


@dataclass(frozen=True, slots=True)
class Then:
    """The job of a capability that runs when what it asked for is done, or comes to nothing.

    Of an invitation its payload has `user`, `room` and `code`: why the homeserver refused it, or
    nothing; who asked is then told by that job alone. Of a room that is opened the same without
    a user. Of a decision: see `Proposal`.
    """

    feature: str
    job: str
    item: Number


@dataclass(frozen=True, slots=True)
class Say:
    """Post lines. `to`: in that person's private room instead (made if there is none).

    `slot`: remember the event as `Ref(item, slot)`; `item` alone: replies to it are about the item.
    `loud` is for what must reach a phone (m.text); the rest is m.notice, which wakes nobody.
    """

    lines: tuple[Line, ...]
    room: RoomId | None = None
    to: UserId | None = None
    reply_to: Target | None = None
    thread: EventId | None = None
    mentions: tuple[UserId, ...] = ()
    loud: bool = False
    item: Number | None = None
    slot: str | None = None


@dataclass(frozen=True, slots=True)
class Help:
    """Lines in all three languages in the person's help room (made if `room` is None)."""

    person: UserId
    lines: tuple[Line, ...]
    room: RoomId | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """Change what one of our own messages says."""

    target: Target
    lines: tuple[Line, ...]
    room: RoomId | None = None
    to: UserId | None = None


@dataclass(frozen=True, slots=True)
class StartPoll:
    """A native poll (MSC3381): at most 20 answers, (id, label). Remembered as `Ref(item, slot)`."""

    question: str
    answers: tuple[tuple[str, str | Line], ...]
    item: Number
    slot: str
    max_selections: int = 1
    disclosed: bool = True
    room: RoomId | None = None
    to: UserId | None = None
    thread: EventId | None = None


@dataclass(frozen=True, slots=True)
class EndPoll:
    target: Target
    lines: tuple[Line, ...]
    room: RoomId | None = None
    to: UserId | None = None


@dataclass(frozen=True, slots=True)
class React:
    """Annotate a message. Not encrypted: only where it says nothing about a person's choice."""

    target: Target
    key: str
    room: RoomId | None = None


@dataclass(frozen=True, slots=True)
class Redact:
    """Take a message away: our own always, others' where the room gives us the power.

    `quiet`: a try of the bot's own, so nobody is told if the homeserver refuses.
    """

    target: Target
    room: RoomId | None = None
    to: UserId | None = None
    reason: str = ""
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Invite:
    user: UserId
    room: RoomId | None = None
    reason: str = ""
    then: Then | None = None


@dataclass(frozen=True, slots=True)
class CreateRoom:
    """An encrypted room of the network's, by invitation. `then` hears which one it became.

    The same `key` (random, so that nobody takes the address before) never makes a second one.
    `kind`: the room's type (spec, `m.room.create`), for a room that is not for people.
    """

    key: str
    name: str
    then: Then
    topic: str = ""
    invite: tuple[UserId, ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Remove:
    user: UserId
    room: RoomId | None = None
    reason: str = ""
    how: Literal["kick", "ban", "unban"] = "kick"


@dataclass(frozen=True, slots=True)
class Join:
    room: RoomId


@dataclass(frozen=True, slots=True)
class Leave:
    room: RoomId


@dataclass(frozen=True, slots=True)
class SetState:
    """Set a piece of a room's state. For one person's power there is `SetPower`."""

    type: str
    content: Mapping[str, Any]
    key: str = ""
    room: RoomId | None = None


@dataclass(frozen=True, slots=True)
class SetPower:
    """Give one person a power of their own; `level` None: the usual one. If it is still `was`."""

    user: UserId
    level: int | str | None
    was: int | str | None
    room: RoomId | None = None


class Made(NamedTuple):
    """What stands in a file; a picture has a size, its width and height in pixels."""

    data: bytes
    size: tuple[int, int] | None = None


Tell = Callable[[Line], str]
"""A sentence as whoever gets the file reads it."""


@dataclass(frozen=True, slots=True)
class SendFile:
    """Post a file or a picture, encrypted. `caption` says the same in words.

    A file with words in it is made where it is known who reads it: then `data` makes it. `Media`
    lies on the homeserver already: it is posted anew as it is, readable by whoever is here now.
    """

    name: str
    mime: str
    data: bytes | Callable[[Tell], Made] | Media
    caption: tuple[Line, ...] = ()
    size: tuple[int, int] | None = None  # width and height of a picture, in pixels
    room: RoomId | None = None
    to: UserId | None = None
    reply_to: Target | None = None
    thread: EventId | None = None
    item: Number | None = None
    slot: str | None = None


@dataclass(frozen=True, slots=True)
class SendRaw:
    """Post an event of a type of our own (`org.minga.link`), encrypted.

    `readers`: nobody else who is there can read it.
    """

    type: str
    content: Mapping[str, Any]
    room: RoomId
    readers: tuple[UserId, ...] | None = None


@dataclass(frozen=True, slots=True)
class LookBack:
    """Add what we said in the room until now to its list (`storage/sent.py`), page by page."""

    room: RoomId


@dataclass(frozen=True, slots=True)
class ForgetKeys:
    """From now on no key of ours opens what was said in the room before then."""

    room: RoomId
    before: datetime


@dataclass(frozen=True, slots=True)
class AcceptIdentity:
    """The person's new Matrix identity that waits under `key` is theirs: their devices count."""

    person: UserId
    key: str


Effect = (
    Say
    | Help
    | Edit
    | StartPoll
    | EndPoll
    | React
    | Redact
    | Invite
    | CreateRoom
    | Remove
    | Join
    | Leave
    | SetState
    | SetPower
    | SendFile
    | SendRaw
    | LookBack
    | ForgetKeys
    | AcceptIdentity
)
