"""A practice room's gateway: only marked messages, polls and files leave it, into that room."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.gateway import (
    AccountOffice,
    AccountTrouble,
    BanRules,
    DelayedEvent,
    DelayedSender,
    DelayLimits,
    Gateway,
    OwnMessages,
    Refused,
    Uploaded,
)
from bot.types import Devices, EventId, Media, MemberPoll, Message, RoomId, UserId

WORD = {"es": "práctica", "pt": "prática", "en": "practice"}
IN_PRIVATE = {"es": "en privado a", "pt": "em privado para", "en": "in private to"}


class PracticeGateway:
    """The real gateway, limited to one practice room."""

    def __init__(self, real: Gateway, room: RoomId, language: str) -> None:
        self._real, self._room, self._language = real, room, language
        self._token = secrets.token_hex(4)
        self.people: dict[RoomId, UserId] = {}

    @property
    def me(self) -> UserId:
        return self._real.me

    @property
    def device(self) -> str:
        return self._real.device

    @property
    def delayed(self) -> DelayedSender:
        return NothingDelayed()

    @property
    def accounts(self) -> AccountOffice:
        return NoAccountsHere()

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
        marked = _with_mark(content, self._mark(room)) if kind == "m.room.message" else content
        return await self._real.send(self._room, kind, marked, f"{self._token}-{txn}")

    async def send_to_devices(
        self,
        user: UserId,
        devices: Collection[str],
        kind: str,
        content: Mapping[str, Any],
        txn: str,
    ) -> None:
        """Do nothing: a practice room's bot has no device of its own."""

    def _mark(self, room: RoomId) -> str:
        word = WORD.get(self._language, WORD["en"])
        person = self.people.get(room)
        if person is None:
            return f"({word})"
        return f"({word}, {IN_PRIVATE.get(self._language, IN_PRIVATE['en'])} {person})"

    async def redact(self, room: RoomId, event: EventId, reason: str, txn: str) -> EventId:
        return await self._real.redact(self._room, event, reason, f"{self._token}-{txn}")

    async def set_state(
        self, room: RoomId, kind: str, key: str, content: Mapping[str, Any]
    ) -> EventId:
        return EventId("$practice")

    async def get_state(self, room: RoomId, kind: str, key: str) -> Mapping[str, Any] | None:
        return None

    async def invite(self, room: RoomId, user: UserId, reason: str) -> None: ...

    async def share_history(self, room: RoomId, user: UserId) -> bool:
        return False

    async def remove(self, room: RoomId, user: UserId, reason: str, how: str) -> None: ...

    async def join(self, room: RoomId) -> None: ...

    async def leave(self, room: RoomId, reason: str = "") -> None: ...

    async def make_private_room(self, user: UserId, alias: str) -> RoomId:
        raise Refused("M_FORBIDDEN")

    async def make_room(
        self, alias: str, name: str, topic: str, invite: list[UserId], kind: str = ""
    ) -> RoomId:
        raise Refused("M_FORBIDDEN")

    async def make_public_room(self, alias: str, name: str, topic: str) -> RoomId:
        raise Refused("M_FORBIDDEN")

    async def accept_identity(self, user: UserId, key: str) -> None:
        """Do nothing: identities are the real bot's concern."""

    async def devices(self, user: UserId) -> Devices:
        return Devices(("PRACTICE",), ())

    async def profile_zone(self, user: UserId) -> str | None:
        return None

    async def lacks_signed_device(self, user: UserId) -> bool:
        return False

    async def upload(self, data: bytes, mime: str) -> Uploaded:
        return await self._real.upload(data, mime)

    async def download(self, media: Media, cap: int) -> bytes:
        return await self._real.download(media, cap)

    async def message(self, room: RoomId, event: EventId) -> Message | None:
        return await self._real.message(self._room, event)

    async def poll(self, room: RoomId, event: EventId) -> MemberPoll | None:
        return await self._real.poll(self._room, event)

    async def find_sent(self, room: RoomId, txn: str, since: datetime) -> EventId | None:
        return await self._real.find_sent(self._room, f"{self._token}-{txn}", since)

    async def ban_rules(self, place: str) -> BanRules:
        raise Refused("M_FORBIDDEN")

    async def writers(self, room: RoomId, since: datetime) -> frozenset[UserId] | None:
        return None

    async def own_messages(self, room: RoomId, start: str | None) -> OwnMessages:
        return [], None

    async def is_redacted(self, room: RoomId, event: EventId) -> bool:
        raise Refused("M_NOT_FOUND")

    async def account_data(self, kind: str) -> Mapping[str, Any]:
        return {}

    async def set_account_data(self, kind: str, content: Mapping[str, Any]) -> None:
        """Do nothing: the account is the real bot's."""

    async def forget_keys(self, room: RoomId, before: datetime) -> None:
        """Do nothing: the keys are the real bot's."""


class NothingDelayed:
    """Leaves nothing at the homeserver: an exercise ends with its room."""

    async def limits(self) -> DelayLimits | None:
        return None

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
        raise Refused("M_FORBIDDEN")

    async def listed(self) -> list[DelayedEvent]:
        return []

    async def cancel(self, delay_id: str) -> bool:
        return False


class NoAccountsHere:
    """Gives no accounts: an exercise opens no door of the homeserver."""

    async def trouble(self) -> AccountTrouble | None:
        return "off"

    async def offer(self, token: str, uses: int, until: datetime) -> None:
        raise Refused("M_FORBIDDEN")

    async def withdraw(self, token: str) -> None:
        raise Refused("M_FORBIDDEN")


def _with_mark(content: Mapping[str, Any], mark: str) -> dict[str, Any]:
    found = dict(content)
    for key in ("body", "formatted_body"):
        if key in found:
            found[key] = f"{mark} {found[key]}"
    if "m.new_content" in found:
        found["m.new_content"] = _with_mark(found["m.new_content"], mark)
    return found
