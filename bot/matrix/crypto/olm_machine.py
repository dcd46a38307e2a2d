"""nio's Olm machine with its defects fixed. Every override of nio is in this file.

Codes such as H10 and M2 are described in tests/matrix/test_points.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import vodozemac
from nio.crypto import InboundGroupSession, Olm, OlmAccount, OutboundSession, Session, SessionStore
from unpaddedbase64 import decode_base64, encode_base64

from bot.matrix.crypto.history_marks import is_shared
from bot.matrix.crypto.key_store import KeyStore
from bot.matrix.crypto.trust import Device
from bot.matrix.crypto.wire import MEGOLM, OLM
from bot.matrix.fields import as_mapping, short_text
from bot.signing.canonical_json import encode_canonical
from bot.types import RoomId, UserId

MOST_OLM_SESSIONS = 8
"""Limit of Olm sessions per device: a stranger may start any number of them."""


class RejectedEvent(Exception):
    """A to-device event that is of no use. `reason` is a fixed word, safe to log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class OlmPayload:
    """The content of an Olm event whose sender, recipient and keys nio has checked."""

    sender_key: str
    signing_key: str
    type: str
    content: Mapping[str, Any]


class OlmSessions(SessionStore):  # type: ignore[misc]  # nio has no types
    """nio's session store, read from disk device by device."""

    def __init__(self, store: KeyStore) -> None:
        super().__init__()
        self._store = store

    def __getitem__(self, sender_key: str) -> list[Session]:
        if sender_key not in self._entries:
            found = self._store.read_sessions(sender_key)
            if not found:
                return []  # keep nothing in memory for unknown keys (M2)
            self._entries[sender_key] = found
        return self._entries[sender_key]  # type: ignore[no-any-return]

    def get(self, sender_key: str) -> Session | None:
        found = self[sender_key]
        return found[0] if found else None

    def add(self, sender_key: str, session: Session) -> bool:
        """Add an Olm session with the device of this Curve25519 key, as its newest, and return
        True. A stranger who starts many displaces only their own."""
        held = [session, *self[sender_key]]
        self._store.drop_sessions(sender_key, held[MOST_OLM_SESSIONS:])
        self._entries[sender_key] = held[:MOST_OLM_SESSIONS]
        return True

    def forget_all(self) -> None:
        self._entries.clear()

    def forget(self, sender_key: str) -> None:
        """Drop the device's sessions from memory, so that they are read from disk again."""
        self._entries.pop(sender_key, None)


class GuardedOlm(Olm):  # type: ignore[misc]  # nio has no types
    """Account, Olm sessions and Megolm sessions of one device, all of them on disk."""

    store: KeyStore
    account: OlmAccount

    def __init__(self, user: UserId, device: str, store: KeyStore) -> None:
        self.wedged: set[tuple[UserId, str]] = set()
        super().__init__(user, device, store)

    def load(self) -> None:
        # M2: sessions are read when needed; `DeviceRegistry` has the devices.
        self.session_store = OlmSessions(self.store)

    @cached_property
    def curve25519(self) -> str:
        return str(self.account.identity_keys["curve25519"])

    @cached_property
    def ed25519(self) -> str:
        return str(self.account.identity_keys["ed25519"])

    def reload(self, sender_key: Any) -> None:
        # H11: after a rollback memory is ahead of the disk, and a ratchet cannot be turned back.
        if isinstance(sender_key, str):
            self.session_store.forget(sender_key)
        self.account = self.store.load_account() or self.account

    # --- in ---------------------------------------------------------------------------------------

    def open_event(self, sender: UserId, content: Mapping[str, Any]) -> OlmPayload:
        """Decrypt one Olm event, and return what it holds. Raises `RejectedEvent`, and whatever
        hostile input makes nio raise (C2).

        Call it in a transaction with the mark of `event_digest`, and `reload` on any error.
        """
        sender_key = short_text(content.get("sender_key"))
        mine = as_mapping(content, "ciphertext", self.curve25519)
        if content.get("algorithm") != OLM or not sender_key or not mine:
            raise RejectedEvent("not_for_us")
        opened = self.decrypt(sender, sender_key, _parse_ciphertext(mine))
        if not isinstance(opened, OlmPayload):
            raise RejectedEvent("olm")
        return opened

    def _handle_olm_event(self, sender: str, sender_key: str, payload: Any) -> OlmPayload:
        # H10: nio stores any m.room_key at once; `add_megolm_session` checks it first.
        signing_key = short_text(as_mapping(payload, "keys").get("ed25519"))
        return OlmPayload(
            sender_key, signing_key, short_text(payload["type"]), as_mapping(payload, "content")
        )

    def add_megolm_session(
        self, user: UserId, sender_key: str, signing_key: str, content: Mapping[str, Any]
    ) -> tuple[RoomId, str] | None:
        """Store a Megolm session as this person's device claims it, for its room only (H10).

        Return its room and id, or None if nothing is new. It opens only what their own devices say
        (`CryptoMachine.decrypt`): announcing another's session takes nothing from anybody. Raises
        `RejectedEvent`.
        """
        room, session_id = (
            RoomId(short_text(content.get("room_id"))),
            short_text(content.get("session_id")),
        )
        if content.get("algorithm") != MEGOLM or not room or not signing_key or not user:
            raise RejectedEvent("room_key")
        key = short_text(content.get("session_key"), 1000)
        try:
            session = InboundGroupSession(key, signing_key, sender_key, room)
        except ValueError:  # vodozemac: no key
            raise RejectedEvent("room_key") from None
        if session.id != session_id:
            raise RejectedEvent("room_key")
        try:
            new = self.store.megolm.add(user, session, shared=is_shared(content))
        except OverflowError:
            raise RejectedEvent("too_many_claims") from None
        return (room, session_id) if new else None

    def _mark_device_for_unwedging(self, sender: str, sender_key: str) -> None:
        # M1: nio measures an hour in local time; `KeyExchange` uses a monotonic clock.
        self.wedged.add((UserId(sender), sender_key))

    def save_session(self, curve_key: str, session: Session) -> None:
        # nio calls this after it received something: answer with that session from now on.
        self.store.save_session(curve_key, session, received=True)
        held = self.session_store[curve_key]
        if session in held:
            held.remove(session)
            held.insert(0, session)

    # --- out --------------------------------------------------------------------------------------

    def create_session(self, one_time_key: str, curve_key: str) -> OutboundSession:
        # nio writes the whole account for each device; an outbound session does not change it.
        session = OutboundSession(self.account, curve_key, one_time_key)
        self.session_store.add(curve_key, session)
        self.store.save_session(curve_key, session)
        return session

    def seal(
        self,
        session: Session,
        device: Device,
        kind: str,
        content: Mapping[str, Any],
        signed_keys: Mapping[str, Any] | None,
    ) -> dict[str, Any]:
        """Return the content of an Olm event encrypted for one device (spec
        §m.olm.v1.curve25519-aes-sha2).

        nio's own knows no `sender_device_keys` (MSC4147), which are `signed_keys`.
        """
        ours = {} if signed_keys is None else {"sender_device_keys": signed_keys}
        payload = ours | {
            "type": kind,
            "content": content,
            "sender": self.user_id,
            "sender_device": self.device_id,
            "keys": {"ed25519": self.ed25519},
            "recipient": device.user_id,
            "recipient_keys": {"ed25519": device.ed25519},
        }
        number, body = session.encrypt(encode_canonical(payload).decode()).to_parts()
        self.store.save_session(device.curve25519, session)
        sealed = {"type": number, "body": encode_base64(body)}
        return {
            "algorithm": OLM,
            "sender_key": self.curve25519,
            "ciphertext": {device.curve25519: sealed},
        }

    def with_signature(self, thing: dict[str, Any]) -> dict[str, Any]:
        """Return `thing` with this device's signature (spec, appendix 3.2)."""
        signature = self.account.sign(encode_canonical(thing).decode())
        key_id = f"ed25519:{self.device_id}"
        return thing | {"signatures": {self.user_id: {key_id: signature}}}


def event_digest(sender: str, content: Mapping[str, Any]) -> bytes:
    """Return the digest by which a handled Olm event is recognised.

    Decrypting it twice would look like a broken ratchet (H8).
    """
    return hashlib.sha256(encode_canonical([sender, content])).digest()


def _parse_ciphertext(mine: Mapping[str, Any]) -> vodozemac.PreKeyMessage | vodozemac.AnyOlmMessage:
    body = short_text(mine.get("body"), 2**17)
    if mine.get("type") == 0:
        return vodozemac.PreKeyMessage.from_base64(body)
    if mine.get("type") == 1:
        return vodozemac.AnyOlmMessage.normal(decode_base64(body))
    raise RejectedEvent("olm_type")
