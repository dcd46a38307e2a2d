"""Olm for one device: what others encrypt for it, and what it encrypts for others.

Codes such as H10 and M2 are described in tests/matrix/test_points.py.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import vodozemac
from unpaddedbase64 import decode_base64, encode_base64

from bot.matrix.crypto.history_marks import is_shared
from bot.matrix.crypto.key_store import KeyStore
from bot.matrix.crypto.olm_sessions import OlmSessions
from bot.matrix.crypto.ratchets import InboundSession, OlmAccount
from bot.matrix.crypto.trust import Device
from bot.matrix.crypto.wire import MEGOLM, OLM
from bot.matrix.fields import as_mapping, short_text
from bot.signing.canonical_json import encode_canonical
from bot.types import RoomId, UserId


class RejectedEvent(Exception):
    """A to-device event that is of no use. `reason` is a fixed word, safe to log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class OlmPayload:
    """The content of an Olm event whose sender, recipient and keys were checked."""

    sender_key: str
    signing_key: str
    type: str
    content: Mapping[str, Any]


class OlmMachine:
    """Account, Olm sessions and Megolm sessions of one device, all of them on disk."""

    def __init__(self, user: UserId, device: str, store: KeyStore) -> None:
        self.user_id = user
        self.device_id = device
        self.store = store
        self.session_store = OlmSessions(store)  # M2: read when needed
        self.wedged: set[tuple[UserId, str]] = set()
        found = store.load_account()
        if found is None:
            found = OlmAccount(vodozemac.Account())
            store.save_account(found)
        self.account = found
        self._took_key = False  # a one-time key, for the event that is being opened

    @cached_property
    def curve25519(self) -> str:
        return self.account.curve25519

    @cached_property
    def ed25519(self) -> str:
        return self.account.ed25519

    def reload(self, sender_key: Any) -> None:
        # H11: after a rollback memory is ahead of the disk, and a ratchet cannot be turned back.
        if isinstance(sender_key, str):
            self.session_store.forget(sender_key)
        if self._took_key:  # else it has not changed; it is long to read: others may fill it
            self.account = self.store.load_account() or self.account
            self._took_key = False  # memory is now what is on disk

    # --- in ---------------------------------------------------------------------------------------

    def event_digest(self, sender: UserId, content: Mapping[str, Any]) -> bytes:
        """Return the SHA-256 of an Olm event's sender, their key and the ciphertext for our device,
        by which it is recognised if it comes again: decrypted twice it would look like a broken
        ratchet (H8 in tests/matrix/test_points.py). Raises `RejectedEvent` if nothing is for our
        device, and `ValueError` for an unreadable ciphertext."""
        sender_key, mine = self._part_for_us(content)
        number, body = mine["type"], encode_base64(_decode_body(mine))
        return hashlib.sha256(encode_canonical([sender, sender_key, number, body])).digest()

    def _part_for_us(self, content: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
        """Return the sender's identity key and the message to our device. Raises
        `RejectedEvent`."""
        sender_key = short_text(content.get("sender_key"))
        mine = as_mapping(content, "ciphertext", self.curve25519)
        if content.get("algorithm") != OLM or not sender_key or not mine:
            raise RejectedEvent("not_for_us")
        if type(mine.get("type")) is not int:  # `True` would be another digest for 1
            raise RejectedEvent("olm_type")
        return sender_key, mine

    def open_event(self, sender: UserId, content: Mapping[str, Any]) -> OlmPayload:
        """Decrypt one Olm event, check whom it is from and for, and return what it holds (spec
        §m.olm.v1.curve25519-aes-sha2). Raises `RejectedEvent`, and `ValueError` or
        `RecursionError` for what hostile input makes of keys and JSON (C2).

        Call it in a transaction with the mark of `event_digest`, and `reload` on any error.
        """
        self._took_key = False
        sender_key, mine = self._part_for_us(content)
        session, plaintext = self._decrypt(sender, sender_key, *_parse_ciphertext(mine))
        payload = self._read_payload(sender, sender_key, plaintext)
        self.session_store.note_signing_key(sender_key, session, payload.signing_key)
        return payload

    def _decrypt(
        self,
        sender: UserId,
        sender_key: str,
        message: vodozemac.AnyOlmMessage,
        first: vodozemac.PreKeyMessage | None,
    ) -> tuple[vodozemac.Session, bytes]:
        """Decrypt with a session that the device has with us, or with the one that it begins by
        its `first` message. Return that session, too.

        What opens with neither makes the device `wedged`: our sessions with it are to be replaced.
        """
        held = self.session_store.list_candidates(sender, sender_key)
        fitting = [one for one in held if first is None or one.session_matches(first)]
        for session in fitting:
            if (plaintext := _decrypt_with(session, message)) is not None:
                self.store.save_session(sender_key, session, received=True)
                self.session_store.put_first(sender_key, session)
                return session, plaintext
        if first is not None and not fitting:
            try:
                return self._start_inbound(sender_key, first)
            except vodozemac.SessionCreationException:
                pass  # as with a one-time key that a restored copy lacks
        self.wedged.add((sender, sender_key))
        raise RejectedEvent("olm")

    def _start_inbound(
        self, sender_key: str, message: vodozemac.PreKeyMessage
    ) -> tuple[vodozemac.Session, bytes]:
        self._took_key = True
        try:
            session, plaintext = self.account.start_inbound(sender_key, message)
        except ValueError:
            self._took_key = False  # vodozemac takes none for a message that it doesn't open
            raise
        self.store.save_account(self.account)  # without the one-time key that it took
        self.session_store.add_received(sender_key, session)
        return session, plaintext

    def _read_payload(self, sender: UserId, sender_key: str, plaintext: bytes) -> OlmPayload:
        """Return the content if it names the sender that the server named, and us.

        Without that whoever was written to could pass it on as if it were said to us.
        """
        said = as_mapping(json.loads(plaintext.decode(errors="replace")))
        kind, keys, content = said.get("type"), said.get("keys"), said.get("content")
        named = (said.get("sender"), said.get("recipient"))
        meant = as_mapping(said, "recipient_keys").get("ed25519")
        if named != (sender, self.user_id) or meant != self.ed25519:
            raise RejectedEvent("olm")
        if not (isinstance(kind, str) and isinstance(keys, dict) and isinstance(content, dict)):
            raise RejectedEvent("olm")
        # H10: any m.room_key is only claimed; `add_megolm_session` checks it first.
        return OlmPayload(sender_key, short_text(keys.get("ed25519")), short_text(kind), content)

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
            session = InboundSession.begin(key, signing_key, sender_key, room)
        except ValueError:  # vodozemac: no key
            raise RejectedEvent("room_key") from None
        if session.id != session_id:
            raise RejectedEvent("room_key")
        try:
            new = self.store.megolm.add(user, session, shared=is_shared(content))
        except OverflowError:
            raise RejectedEvent("too_many_claims") from None
        return (room, session_id) if new else None

    # --- out --------------------------------------------------------------------------------------

    @contextmanager
    def change_sessions(self, devices: Sequence[Device]) -> Iterator[None]:
        """Return a context manager for one commit, in which only sessions with these devices
        change. After an error they are read from disk again (H11)."""
        try:
            with self.store.atomic():
                yield
        except BaseException:
            for device in devices:
                self.session_store.forget(device.curve25519)
            raise

    def create_session(self, one_time_key: str, device: Device) -> None:
        """Start an Olm session with a device by one of its one-time keys. Raises `ValueError` for
        what is no key."""
        session = self.account.start_outbound(device.curve25519, one_time_key)
        self.session_store.add_begun(device, session)

    def seal(
        self,
        session: vodozemac.Session,
        device: Device,
        kind: str,
        content: Mapping[str, Any],
        signed_keys: Mapping[str, Any] | None,
    ) -> dict[str, Any]:
        """Return the content of an Olm event encrypted for one device (spec
        §m.olm.v1.curve25519-aes-sha2).

        `signed_keys` are our device's, which go along as `sender_device_keys` (MSC4147).
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
        number, body = session.encrypt(encode_canonical(payload)).to_parts()
        self.store.save_session(device.curve25519, session)
        sealed = {"type": number, "body": encode_base64(body)}
        return {
            "algorithm": OLM,
            "sender_key": self.curve25519,
            "ciphertext": {device.curve25519: sealed},
        }

    def with_signature(self, thing: dict[str, Any]) -> dict[str, Any]:
        """Return `thing` with this device's signature (spec, appendix 3.2)."""
        signature = self.account.keys.sign(encode_canonical(thing)).to_base64()
        key_id = f"ed25519:{self.device_id}"
        return thing | {"signatures": {self.user_id: {key_id: signature}}}


def _decrypt_with(session: vodozemac.Session, message: vodozemac.AnyOlmMessage) -> bytes | None:
    """Return what the message says, or None if the session does not open it."""
    try:
        return bytes(session.decrypt(message))
    except (vodozemac.OlmDecryptionException, vodozemac.DecodeException):
        return None


def _parse_ciphertext(
    mine: Mapping[str, Any],
) -> tuple[vodozemac.AnyOlmMessage, vodozemac.PreKeyMessage | None]:
    """Return the message, and once more if it begins a session. Raises `RejectedEvent` and
    `ValueError`."""
    body = _decode_body(mine)
    if mine["type"] == 0:
        first = vodozemac.PreKeyMessage.from_base64(encode_base64(body))
        return first.to_any(), first
    if mine["type"] == 1:
        return vodozemac.AnyOlmMessage.normal(body), None
    raise RejectedEvent("olm_type")


def _decode_body(mine: Mapping[str, Any]) -> bytes:
    """Return the bytes of a message. Raises `ValueError`."""
    return decode_base64(short_text(mine.get("body"), 2**17))
