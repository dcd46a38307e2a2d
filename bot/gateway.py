"""The Gateway protocol: the one seam between us and Matrix."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.types import Devices, EventId, Happening, Media, MemberPoll, Message, RoomId, UserId

OUTAGE = timedelta(minutes=1)
"""Silence of the homeserver beyond which what we read was not said just now."""


class Refused(Exception):
    """The server said no for good (`M_FORBIDDEN`, `M_TOO_LARGE`, …); trying again is no use."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


class TryLater(Exception):
    """The server is away, slow or asks us to wait. `after` is how long, if it said so."""

    def __init__(self, code: str, after: timedelta | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.after = after


class SignedOut(Exception):
    """The access token is dead, or our identity is not ours any more. The bot must stop."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """An encrypted file on the server: the spec's EncryptedFile, ready to be put into an event."""

    file: Mapping[str, Any]


class Inbox(Protocol):
    """Who is told what happens. The gateway calls it; the dispatcher keeps it."""

    async def receive(self, what: Happening) -> None:
        """Handle one thing, once or not at all, in a transaction of its own.

        Things of one room come one after the other, in order; rooms may come side by side.
        Never raises for what a person sent; a raise means that the machine itself is broken.
        """

    def heard(self, at: datetime) -> None:
        """The homeserver answered at `at` (UTC). Silence longer than `OUTAGE`: nothing is due."""

    async def settle(self, token: str) -> None:
        """All of a batch was received: remember `token` (and marks held back) in one commit."""

    async def ready(self, live_until: datetime) -> None:
        """Everything said until then has been handled; due jobs may run while that is fresh.

        Called after each batch with the time (UTC) at which its sync was answered.
        """


class Gateway(Protocol):
    """What the machine asks of Matrix. All of it may raise `Refused`, `TryLater`, `SignedOut`."""

    @property
    def me(self) -> UserId: ...

    @property
    def device(self) -> str:
        """Our device id: a transaction id counts for one device only."""

    def vouch(self, thing: Mapping[str, Any]) -> Mapping[str, Any]:
        """`thing` with our account's master key's signature: who verified us can check it."""

    async def run(self, inbox: Inbox) -> None:
        """Hand over everything that happens until cancelled. Raises only `SignedOut`."""

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
        """Post an event once: the same `txn` never posts twice within 24 hours.

        `alone`: only for this person; `TryLater` while anybody else is joined to the room.
        `readers`: of those who are joined, only these get its key.
        What bots of networks say (`org.minga.link`) is `Refused` in a room that is not `closed`.
        Encrypts in every room that is or was encrypted; `m.reaction` alone stays plain there.
        In a help room all devices of its one person can read it; elsewhere only signed ones.
        """

    async def redact(self, room: RoomId, event: EventId, reason: str, txn: str) -> EventId: ...

    async def set_state(
        self, room: RoomId, kind: str, key: str, content: Mapping[str, Any]
    ) -> EventId: ...

    async def get_state(self, room: RoomId, kind: str, key: str) -> Mapping[str, Any] | None:
        """The server's own state, or None where there is none."""

    async def invite(self, room: RoomId, user: UserId, reason: str) -> None:
        """Already joined or invited counts as done."""

    async def remove(self, room: RoomId, user: UserId, reason: str, how: str) -> None:
        """`how`: kick, ban or unban. Not in the room counts as done."""

    async def join(self, room: RoomId) -> None: ...

    async def leave(self, room: RoomId) -> None:
        """Leave or decline, and forget. Not being in the room counts as done."""

    async def make_private_room(self, user: UserId, alias: str) -> RoomId:
        """An encrypted room for two, `user` invited. The same `alias` never makes a second one."""

    async def make_room(
        self, alias: str, name: str, topic: str, invite: list[UserId], kind: str = ""
    ) -> RoomId:
        """An encrypted room by invitation. The same `alias` never makes a second one.

        Whether these people are invited is seen in its state: the room stands even if not.
        """

    async def confirmed(self, user: UserId) -> bool:
        """Has the person a device that they signed themselves?"""

    async def accept_identity(self, user: UserId, key: str) -> None:
        """The person's new identity (`NewIdentity.key`) is theirs: their signed devices count.

        Nothing happens if another one waits by now.
        """

    async def devices(self, user: UserId) -> Devices:
        """The person's devices, as their server lists them now."""

    async def unread(self, user: UserId) -> bool:
        """Has the person devices, and signed none of them? Then they can read nothing of ours."""

    async def upload(self, data: bytes, mime: str) -> Uploaded:
        """Encrypt and store a file."""

    async def download(self, media: Media, cap: int) -> bytes:
        """The decrypted file; `Refused("M_TOO_LARGE")` as soon as more than `cap` bytes come."""

    async def message(self, room: RoomId, event: EventId) -> Message | None:
        """What a person said; None if it is nothing said, or can't be read.

        `Refused` where the room has no such event, or none that we may see.
        """

    async def poll(self, room: RoomId, event: EventId) -> MemberPoll | None:
        """A native poll with the responses to it; None and `Refused` as for a message."""

    async def rules(self, place: str) -> tuple[RoomId, list[tuple[str, str, Mapping[str, Any]]]]:
        """The room that an id or an alias names, and its ban rules: kind, state key, content.

        `Refused` where there is no such room, or none whose state we may see.
        """

    async def find_sent(self, room: RoomId, txn: str, since: datetime) -> EventId | None:
        """Our own event with this transaction id among the recent ones (see `LETTER` in content).

        Every event we send carries `org.minga.letter: txn` inside its encrypted content, so that
        it is found under another device or after 24 hours too.
        """

    async def own(
        self, room: RoomId, start: str | None
    ) -> tuple[list[tuple[EventId, datetime]], str | None]:
        """A page of what we said there and did not take back, the newest first, from `start` on.

        And where to go on; None: there is nothing older.
        """

    async def forget_keys(self, room: RoomId, before: datetime) -> None:
        """Nothing that we keep opens what was said there before then; what comes is read."""

    async def sign_out(self) -> None:
        """Our device is gone at the homeserver, with whatever waits there for it."""

    async def close(self) -> None: ...
