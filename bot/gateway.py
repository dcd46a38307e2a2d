"""What the bot needs from Matrix, as Protocols by subject. Each user asks only for what it needs.

`Gateway` is all of them, the only interface between the bot and Matrix.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from bot.i18n import ToldError
from bot.types import Devices, EventId, InboundEvent, Media, MemberPoll, Message, RoomId, UserId
from storage.sync import NewestEvent

OUTAGE = timedelta(minutes=1)
"""A longer silence of the homeserver is an outage: what follows is not live."""

ROOM_KEYS_KEPT_FOR = timedelta(days=14)
"""How long room keys are kept (forward secrecy). Nobody gets older ones from us."""


class Refused(Exception):
    """The homeserver refused for good (`M_FORBIDDEN`, `M_TOO_LARGE`, …)."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


CHANGED = "M_CHANGED"
"""Our own code of a refusal: what was to be changed had changed since it was read."""
INVITE_BLOCKED = "M_INVITE_BLOCKED"
"""The person lets nobody, or not us, invite them (spec v1.18; MSC4380, MSC4155)."""

SENT_BEFORE = "M_SENT_BEFORE"
"""Our own code: the homeserver had sent the delayed message before it could be taken back."""


class TryLater(Exception):
    """The homeserver is unreachable, slow or limits us. `after` is the wait it asks for."""

    def __init__(self, code: str, after: timedelta | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.after = after


class SignedOut(ToldError):
    """The access token is dead or our identity was replaced. The bot must stop."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """An uploaded encrypted file: the spec's EncryptedFile, to be put into an event."""

    file: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DelayLimits:
    """How long the homeserver keeps a delayed event, and how many of ours at the same time."""

    longest: timedelta
    most: int


@dataclass(frozen=True, slots=True)
class DelayedEvent:
    """An event of ours that lies at the homeserver. `since`: when it was left (its clock, UTC).

    `send_at`: when it goes out, by the same clock, if the homeserver says so.
    """

    delay_id: str
    room: RoomId
    since: datetime
    send_at: datetime | None = None


class Inbox(Protocol):
    """Receives inbound events. The gateway calls it, and the dispatcher implements it."""

    async def receive(self, what: InboundEvent) -> None:
        """Handle one event at most once, in its own transaction.

        Events of a room are handled in order, rooms in parallel. Never raises for what a person
        sent; an exception means that the bot itself is broken.
        """

    def note_answer(self, at: datetime) -> None:
        """Note that the homeserver answered at `at` (UTC). No job runs in an outage (see
        `OUTAGE`).
        """

    async def commit_batch(
        self,
        token: str,
        live_until: datetime,
        unmarked: Collection[EventId] = (),
        newest: NewestEvent | None = None,
    ) -> None:
        """Commit a sync batch whose events were all received: its sync token and the marks of the
        events that have none yet, `unmarked` among them. `newest`: the newest event until then.

        Everything until `live_until` (UTC), when the sync was answered, counts as handled then, so
        that due jobs may run.
        """

    async def wait_until_answered(self) -> None:
        """Wait until the answers to all received events are sent, except those that wait for other
        servers."""


class OwnAccount(Protocol):
    """The bot's account and device."""

    @property
    def me(self) -> UserId:
        """The bot's own user id."""

    @property
    def device(self) -> str:
        """The bot's device id. Transaction ids are per device."""


class AccountStore(Protocol):
    """Keeps data beside the account at the homeserver, which can read it and change it."""

    async def account_data(self, kind: str) -> Mapping[str, Any]:
        """Return the account's data of this type, {} if there is none."""

    async def set_account_data(self, kind: str, content: Mapping[str, Any]) -> None:
        """Store the account's data of this type in place of what was there."""


class Sender(Protocol):
    """Sends events, each once, and takes them back."""

    async def send(
        self,
        room: RoomId,
        kind: str,
        content: Mapping[str, Any],
        txn: str,
        *,
        alone: UserId | None = None,
        readers: Collection[UserId] | None = None,
    ) -> EventId:
        """Send an event, and return its id. The same `txn` sends at most once within 24 hours.

        `alone`: raises `TryLater` while anybody but this person is joined. `readers`: of the joined
        members only these get the key. Raises `Refused` for `org.minga.link` in a room that is not
        closed. Encrypts in every room that is or was encrypted, except `m.reaction`. Only signed
        devices get keys; in a help room all devices of its person do.
        """

    async def send_to_devices(
        self,
        user: UserId,
        devices: Collection[str],
        kind: str,
        content: Mapping[str, Any],
        txn: str,
    ) -> None:
        """Send an unencrypted event to some devices of a person. The same `txn` sends it once."""

    async def find_sent(self, room: RoomId, txn: str, since: datetime) -> EventId | None:
        """Return the bot's recent event with this transaction id, or None.

        Our events carry it as `org.minga.letter` in their encrypted content, so it is found from
        another device and after 24 hours too.
        """

    async def redact(self, room: RoomId, event: EventId, reason: str, txn: str) -> EventId:
        """Redact an event, with the reason. Return the event id of the redaction."""


class DelayedSender(Protocol):
    """Leaves events at the homeserver, which sends them at their time by itself (MSC4140)."""

    async def limits(self) -> DelayLimits | None:
        """Return the homeserver's limits for events that it sends later for us, or None if it takes
        none."""

    async def leave(
        self,
        room: RoomId,
        kind: str,
        content: Mapping[str, Any],
        txn: str,
        delay: timedelta,
        *,
        alone: UserId,
    ) -> str:
        """Leave an event at the homeserver, to be sent later into a room with one other member.
        Return its delay id.

        It is encrypted now. Raises `TryLater` while anybody but `alone` is joined. Not idempotent
        for ever: before another try look at `listed`.
        """

    async def listed(self) -> list[DelayedEvent]:
        """Return all the bot's events that the homeserver keeps to send later."""

    async def cancel(self, delay_id: str) -> bool:
        """Cancel an event that the homeserver keeps to send later. Return False if it has none such
        any more."""


AccountTrouble = Literal["off", "refused", "closed", "away"]
"""Why no accounts can be given: no right, a right that is refused, registration that is closed, or
a server that does not answer."""


class AccountOffice(Protocol):
    """Lets people register at the homeserver with a token, where the operator gave the right."""

    async def trouble(self) -> AccountTrouble | None:
        """Return why the bot can create no accounts now, or None if it can. Raises nothing."""

    async def offer(self, token: str, uses: int, until: datetime) -> None:
        """Create a registration token that works for so many people until then (UTC). Idempotent by
        `token`."""

    async def withdraw(self, token: str) -> None:
        """Delete a registration token, so that nobody can register with it. Idempotent."""


class RoomAdmin(Protocol):
    """Changes rooms and who is in them, and reads their state."""

    async def get_state(self, room: RoomId, kind: str, key: str) -> Mapping[str, Any] | None:
        """Return a state event's content from the server, or None."""

    async def set_state(
        self, room: RoomId, kind: str, key: str, content: Mapping[str, Any]
    ) -> EventId:
        """Set a state event of type `kind` and state key `key`. Return its event id."""

    async def invite(self, room: RoomId, user: UserId, reason: str) -> None:
        """Invite a person. Idempotent: being joined or invited counts as success."""

    async def share_history(self, room: RoomId, user: UserId) -> bool:
        """Give a person, before they are invited, the keys of earlier messages in the room.

        Return whether they got any. They don't where the room does not show its history or does not
        want that, where they are banned or there already, or have no device that they signed; nor
        of sessions whose makers did not agree. Keys given twice do no harm.
        """

    async def remove(self, room: RoomId, user: UserId, reason: str, how: str) -> None:
        """Kick, ban or unban a person; `how` is `kick`, `ban` or `unban`. That it is so already
        counts as success. Raises `ValueError` for another `how`, and `Refused`."""

    async def join(self, room: RoomId) -> None:
        """Join the room. Being in it counts as success."""

    async def leave(self, room: RoomId, reason: str = "") -> None:
        """Leave the room or decline its invitation, and forget it. Not being in it counts as
        success."""

    async def make_private_room(self, user: UserId, alias: str) -> RoomId:
        """Create an encrypted room and invite `user`, and return the room's id. Idempotent by
        `alias`.

        The room is there even if `user` takes no invitations; its state shows who is invited.
        """

    async def make_room(
        self, alias: str, name: str, topic: str, invite: list[UserId], kind: str = ""
    ) -> RoomId:
        """Create an encrypted, invite-only room, and return its id. Idempotent by `alias`.

        The room is created even if an invitation fails; its state shows who is invited.
        """

    async def make_public_room(self, alias: str, name: str, topic: str) -> RoomId:
        """Create an unencrypted room that anybody may read and join, and where only we may write;
        return its id.

        Idempotent by `alias`, the part between `#` and `:` of its address. Raises `Refused` if the
        address is another room's, or if the homeserver encrypts every room.
        """


BanRules = tuple[RoomId, list[tuple[str, str, Mapping[str, Any]]]]
"""The room of a ban list, and its rules: kind, state key, content."""
OwnMessages = tuple[list[tuple[EventId, datetime]], str | None]
"""A page of our messages with when they were sent, and where the next page starts, if any."""


class History(Protocol):
    """Reads what was said in rooms before, and forgets it."""

    async def message(self, room: RoomId, event: EventId) -> Message | None:
        """Return a person's message, or None if it is no message or can't be decrypted.

        Raises `Refused` if the room has no such event or we may not see it.
        """

    async def poll(self, room: RoomId, event: EventId) -> MemberPoll | None:
        """Return a native poll with its responses, or None if it is none or can't be decrypted.

        Raises `Refused` if the room has no such event or we may not see it.
        """

    async def own_messages(self, room: RoomId, start: str | None) -> OwnMessages:
        """Return a page of our unredacted messages, newest first, and where the next page starts.

        The start is None after the last page. Raises `Refused` if we are not in the room.
        """

    async def is_redacted(self, room: RoomId, event: EventId) -> bool:
        """Return whether a message was redacted.

        Raises `Refused` if we are not in the room, or the homeserver has no such event, or shows
        it no more.
        """

    async def writers(self, room: RoomId, since: datetime) -> frozenset[UserId] | None:
        """Return who sent any event in the room since an instant (UTC), memberships too, without
        its content.

        None if that is more than can be looked through. Raises `Refused` if we are not in the
        room.
        """

    async def forget_keys(self, room: RoomId, before: datetime) -> None:
        """Delete the keys of the room's messages before `before`. Later messages stay readable."""

    async def ban_rules(self, place: str) -> BanRules:
        """Return the room of an id or alias, and its ban rules.

        Raises `Refused` if there is no such room or we may not see its state.
        """


class DeviceDirectory(Protocol):
    """Knows people's devices, and which of them they signed."""

    async def devices(self, user: UserId) -> Devices:
        """Return the person's devices as their server lists them now."""

    async def lacks_signed_device(self, user: UserId) -> bool:
        """Return whether the person has devices but signed none, so can't read the bot's
        messages."""

    async def accept_identity(self, user: UserId, key: str) -> None:
        """Accept the person's new identity (`NewIdentity.key`), so that its devices count.

        Does nothing if still another one waits to be accepted by now.
        """


class Profiles(Protocol):
    """Reads what people show of themselves."""

    async def profile_zone(self, user: UserId) -> str | None:
        """Return the time zone that a person's profile names, unchecked, or None.

        None also if the profile can't be had within seconds: nothing depends on it.
        """


class FileStore(Protocol):
    """Holds encrypted files."""

    async def upload(self, data: bytes, mime: str) -> Uploaded:
        """Encrypt and upload a file. Return its description for a message's content."""

    async def download(self, media: Media, cap: int) -> bytes:
        """Return a file, downloaded and decrypted. Raises `Refused("M_TOO_LARGE")` beyond `cap`
        bytes."""


class Gateway(
    OwnAccount,
    AccountStore,
    Sender,
    RoomAdmin,
    History,
    DeviceDirectory,
    Profiles,
    FileStore,
    Protocol,
):
    """All that the bot does with Matrix.

    Each method may raise `Refused`, `TryLater` or `SignedOut`.
    """

    @property
    def delayed(self) -> DelayedSender:
        """The events that the homeserver keeps to send later for the bot."""

    @property
    def accounts(self) -> AccountOffice:
        """The object that creates accounts of the homeserver for people who have none."""
