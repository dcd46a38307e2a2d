"""Effects: what a handler wants done, as frozen data. The outbox executes each at most once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from bot.job_kind import JobKind
from bot.lines import Line
from bot.types import EventId, Media, Number, RoomId, UserId


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A reference to one of our messages by its item and slot: `MessageRef(57, "opening")`."""

    item: Number
    slot: str


Target = EventId | MessageRef


@dataclass(frozen=True, slots=True)
class Callback:
    """The job that a capability wants to run when something it requested is done or has failed.

    For an invitation the payload has `user`, `room` and `code` (the homeserver's error code, or
    empty), and only that job tells the requester about a refusal. For a room that is created it is
    the same without `user`. For a decision see `Proposal`.
    """

    feature: str
    job: str
    item: Number

    @classmethod
    def of(cls, kind: JobKind, item: Number) -> Callback:
        """Return the callback that runs the job `kind` about the item once the effect is done."""
        return cls(kind.feature, kind.name, item)


class Effect:
    """Something that a handler wants done. A module of `bot/delivery/kinds/` writes its entry."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Say(Effect):
    """Post lines to a room, or with `to` in that person's private room (created if needed).

    `slot` stores the event as `MessageRef(item, slot)`; with `item` alone, replies to the message
    are about the item. `loud` sends `m.text`, which notifies phones; otherwise `m.notice`, except
    for what is answered in a private room.
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
class Help(Effect):
    """Post lines in all three languages in the person's help room (created if `room` is None)."""

    person: UserId
    lines: tuple[Line, ...]
    room: RoomId | None = None


@dataclass(frozen=True, slots=True)
class Edit(Effect):
    """Replace the text of one of our own messages."""

    target: Target
    lines: tuple[Line, ...]
    room: RoomId | None = None
    to: UserId | None = None


@dataclass(frozen=True, slots=True)
class StartPoll(Effect):
    """Start a native poll (MSC3381) with up to 20 answers (id, label), stored as a `MessageRef`."""

    question: str | Line
    answers: tuple[tuple[str, str | Line], ...]
    item: Number
    slot: str
    max_selections: int = 1
    disclosed: bool = True
    room: RoomId | None = None
    to: UserId | None = None
    thread: EventId | None = None


@dataclass(frozen=True, slots=True)
class EndPoll(Effect):
    """End a native poll of ours; `lines` are the text of the end event."""

    target: Target
    lines: tuple[Line, ...]
    room: RoomId | None = None
    to: UserId | None = None


@dataclass(frozen=True, slots=True)
class React(Effect):
    """Annotate a message. Reactions are not encrypted: never reveal a person's choice by one."""

    target: Target
    key: str
    room: RoomId | None = None


@dataclass(frozen=True, slots=True)
class Redact(Effect):
    """Redact a message of ours, or of others where the room gives us the power.

    `quiet`: nobody is told if the homeserver refuses.
    """

    target: Target
    room: RoomId | None = None
    to: UserId | None = None
    reason: str = ""
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Invite(Effect):
    """Invite a person. `then` is called back with the result. Servers read the reason too.

    `with_history`: before that they get the keys of what was said there, where the room shares it.
    """

    user: UserId
    room: RoomId | None = None
    reason: Line | None = None
    then: Callback | None = None
    with_history: bool = False


@dataclass(frozen=True, slots=True)
class CreateRoom(Effect):
    """Create an encrypted, invite-only room. `then` is called back with the room.

    Idempotent by `key`, which is random so that nobody can take the alias first. `kind` is the
    room's type (spec, `m.room.create`), for rooms that are not for people.
    """

    key: str
    name: str
    then: Callback
    topic: str = ""
    invite: tuple[UserId, ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Remove(Effect):
    """Kick, ban or unban a person."""

    user: UserId
    room: RoomId | None = None
    reason: str = ""
    how: Literal["kick", "ban", "unban"] = "kick"


@dataclass(frozen=True, slots=True)
class Join(Effect):
    """Join a room."""

    room: RoomId


@dataclass(frozen=True, slots=True)
class Leave(Effect):
    """Leave a room, or decline an invitation. Who invited reads the reason."""

    room: RoomId
    reason: Line | None = None


@dataclass(frozen=True, slots=True)
class SetState(Effect):
    """Set a state event. For one person's power level use `SetPowerLevel`."""

    type: str
    content: Mapping[str, Any]
    key: str = ""
    room: RoomId | None = None


@dataclass(frozen=True, slots=True)
class SetPowerLevel(Effect):
    """Set one person's power level if it still is `was` (compare and set).

    `level` None removes their entry, so that the room's default applies.
    """

    user: UserId
    level: int | str | None
    was: int | str | None
    room: RoomId | None = None


class FileContent(NamedTuple):
    """The content of a file. `size` is a picture's width and height in pixels."""

    data: bytes
    size: tuple[int, int] | None = None


RenderLine = Callable[[Line], str]
"""Renders a line in the language of whoever gets the file."""


@dataclass(frozen=True, slots=True)
class SendFile(Effect):
    """Post a file or a picture, encrypted. `caption` is its text alternative.

    If `data` is a function it is called when the reader's language is known. If it is `Media`, the
    file already on the homeserver is posted again, readable by the room's members now.
    """

    name: str
    mime: str
    data: bytes | Callable[[RenderLine], FileContent] | Media
    caption: tuple[Line, ...] = ()
    size: tuple[int, int] | None = None  # width and height of a picture, in pixels
    room: RoomId | None = None
    to: UserId | None = None
    reply_to: Target | None = None
    thread: EventId | None = None
    mentions: tuple[UserId, ...] = ()
    item: Number | None = None
    slot: str | None = None


@dataclass(frozen=True, slots=True)
class SendRaw(Effect):
    """Post an encrypted event of a custom type (`org.minga.link`).

    Only the members in `readers` get its key; None means all.
    """

    type: str
    content: Mapping[str, Any]
    room: RoomId
    readers: tuple[UserId, ...] | None = None


@dataclass(frozen=True, slots=True)
class CollectSentEvents(Effect):
    """Add the bot's earlier messages in the room to `storage/sent_events.py`, page by page."""

    room: RoomId


@dataclass(frozen=True, slots=True)
class ForgetRoomKeys(Effect):
    """Delete the keys for the room's messages from before `before`, so they can't be read again."""

    room: RoomId
    before: datetime


@dataclass(frozen=True, slots=True)
class AcceptIdentity(Effect):
    """Accept the person's new Matrix identity stored under `key`, so that their devices count."""

    person: UserId
    key: str
