"""Encryption for the gateway: vodozemac's ratchets with our rules. All input is untrusted.

Codes such as C2 and H11 are described in tests/matrix/test_points.py.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import vodozemac

from bot.matrix.crypto.devices import DeviceRegistry
from bot.matrix.crypto.guard import (
    BadCipher,
    DecryptedEvent,
    Envelope,
    NoKey,
    read_envelope,
    read_payload,
)
from bot.matrix.crypto.history_bundles import HistoryBundles
from bot.matrix.crypto.key_requests import KeyExchange
from bot.matrix.crypto.key_store import MARKS_KEPT_FOR, KeyStore
from bot.matrix.crypto.olm_machine import OlmMachine
from bot.matrix.crypto.outbound_sessions import KeySharer
from bot.matrix.crypto.quarantine import Quarantine
from bot.matrix.crypto.ratchets import LAST_INDEX, InboundSession, SessionClaim
from bot.matrix.crypto.wire import MEGOLM, JsonHttp
from bot.matrix.fields import as_mapping, short_text
from bot.matrix.sync.to_device import ToDeviceReceiver, ToDeviceResult, Withheld
from bot.types import Devices, EventId, RoomId, Trust, UserId
from storage.membership.room import Room

__all__ = ["BadCipher", "CryptoMachine", "DecryptedEvent", "NoKey", "ToDeviceResult", "Withheld"]


class CryptoMachine:
    """One device's encryption, stored on disk except for outbound Megolm sessions.

    Tasks of one event loop may share it; only one process may have the file open.
    """

    def __init__(self, store: KeyStore, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._olm = OlmMachine(store.user_id, store.device_id, store)
        self._book = DeviceRegistry(store)
        self._keys = KeyExchange(self._olm, self._book, clock)
        self._sharer = KeySharer(self._olm, self._book, self._keys, clock)
        self._receiver = ToDeviceReceiver(store, self._olm, clock)
        self.history = HistoryBundles(store, self._book, self._keys)
        self._turn = asyncio.Lock()
        self._absent: AbstractSet[UserId] = frozenset()

    @classmethod
    def open(
        cls,
        path: Path,
        user: UserId,
        device: str,
        *,
        db_key: bytes,
        pickle_key: bytes,
        clock: Callable[[], float] = time.monotonic,
    ) -> CryptoMachine:
        """Open or create the key store and return the machine. Raises `WrongKey`. An existing file
        is never replaced."""
        return cls(KeyStore(path, user, device, db_key=db_key, pickle_key=pickle_key), clock)

    def close(self) -> None:
        self._store.close()

    @property
    def user(self) -> UserId:
        return self._store.user_id

    @property
    def device(self) -> str:
        return self._store.device_id

    @property
    def ed25519(self) -> str:
        """The device's public Ed25519 key, the fingerprint that people compare."""
        return self._olm.ed25519

    @property
    def curve25519(self) -> str:
        return self._olm.curve25519

    def device_keys(self) -> dict[str, Any]:
        """Return our device's keys, signed by itself, as they stand on the server."""
        return self._keys.device_keys()

    def sign(self, thing: Mapping[str, Any]) -> dict[str, Any]:
        """Return `thing` with the bot's device's signature added."""
        return self._olm.with_signature(dict(thing))

    @property
    def refused(self) -> Counter[str]:
        """How many parts of other servers' answers were refused since the start, by kind."""
        return self._keys.refused + self._sharer.refused

    @property
    def sharer(self) -> KeySharer:
        """The object that sends the keys of the bot's messages to a room's members, also before
        there is a message that needs them."""
        return self._sharer

    # --- what sync brings ------------------------------------------------------------------------

    def receive_to_device(self, events: Sequence[Mapping[str, Any]]) -> ToDeviceResult:
        """Process to-device events: each with its mark in one transaction, or not at all (H11).
        Return what they brought.

        No content of an event can make it raise (C2). A broken disk raises, and then the batch must
        be given again.
        """
        return self._receiver.receive(events)

    def note_key_counts(
        self, one_time: Mapping[str, int], unused_fallback: Sequence[str] | None
    ) -> None:
        """Note `device_one_time_keys_count` and `device_unused_fallback_key_types` of a sync
        (C6)."""
        self._keys.note_counts(one_time, unused_fallback)

    def note_device_lists(self, users: Iterable[str], left: Iterable[str]) -> None:
        """Note which people's devices changed, from the `device_lists` of a sync, before its events
        are handled."""
        self._book.note_changed(UserId(u) for u in users if short_text(u))
        self._book.note_left(UserId(u) for u in left if short_text(u))

    def ask_keys_again(self, user: UserId) -> None:
        """Have a new Olm session begun with each device of a person, at most hourly: apps with
        Element's engine then give the keys again that they think we have."""
        self._olm.wedged.update((user, device.curve25519) for device in self._book.devices_of(user))

    async def maintain(self, http: JsonHttp) -> set[UserId]:
        """Upload our keys, query changed devices and mend broken sessions.

        Returns the people whose devices were queried: their messages that raised `NoKey` are worth
        another try. May run beside the sync loop. Raises `TryLater`.
        """
        async with self._turn:
            await self._keys.upload(http)
            learnt = await self._keys.query_devices(http, self._book.due)
            await self._keys.mend_sessions(http)
        self._sharer.want_where_known(learnt)
        return learnt

    # --- people ----------------------------------------------------------------------------------

    async def query_devices(self, http: JsonHttp, users: Iterable[UserId]) -> set[UserId]:
        """Query these people's devices now. Return the people for whom the server had an answer."""
        return await self._keys.query_devices(http, users)

    async def query_unknown(self, http: JsonHttp, users: Iterable[UserId]) -> None:
        """Query the devices of those people of whom none is known, for example after
        `drop_absent`."""
        unknown = [u for u in users if not any(True for _ in self._book.devices_of(u))]
        if unknown:
            await self._keys.query_devices(http, unknown)

    def drop_absent(self, present: AbstractSet[UserId]) -> int:
        """Delete the devices and keys of people who shared no room with the bot at this call and
        the last one. Return how many.

        The second call allows for a split network or a change of mind. A keyed hash stays, by which
        another identity would show (`PINS_KEPT_FOR`).
        """
        absent = self._book.known_people() - present - {self.user}
        gone = absent & self._absent
        self._absent = absent - gone
        if gone:
            for key in self._book.drop_people(gone):
                self._olm.session_store.forget(key)
        return len(gone)

    def signed_devices(self, user: UserId) -> list[str]:
        """Return the person's devices that are signed by their identity."""
        return [d.id for d in self._book.devices_of(user) if d.signed]

    def unsigned_devices(self, user: UserId) -> list[str]:
        return [d.id for d in self._book.devices_of(user) if not d.signed]

    @property
    def signing_key(self) -> str:
        """The public signing key of our own device."""
        return self._olm.ed25519

    def list_devices(self, user: UserId) -> Devices:
        """Return the person's devices with their keys, signed or not."""
        return self._book.list_devices(user)

    def master_key(self, user: UserId) -> str | None:
        """Return the public master key of the person that was seen last, or None."""
        return self._book.master_key(user)

    @property
    def quarantine(self) -> Quarantine:
        """The people whose identity was replaced and is not confirmed yet."""
        return self._book.quarantine

    def accept_identity(self, user: UserId, key: str) -> None:
        """Accept the new identity that waits under `key` to be confirmed."""
        self._book.accept_identity(user, key)

    def confirmations(self) -> dict[UserId, datetime]:
        """Return the people who newly signed a device, each with when we saw it (UTC).

        They are listed until `mark_confirmation_told`.
        """
        return self._book.confirmations()

    def mark_confirmation_told(self, user: UserId) -> None:
        self._book.mark_confirmation_told(user)

    def has_current_devices(self, user: UserId) -> bool:
        """Return whether our list of the person's devices is current."""
        return user in self._book.fresh

    def transaction(self) -> AbstractContextManager[Any]:
        """Return a context manager for one commit of many `decrypt` calls. Await nothing inside."""
        return self._store.atomic()

    # --- messages --------------------------------------------------------------------------------

    def decrypt(self, room: RoomId, event: Mapping[str, Any]) -> DecryptedEvent:
        """Decrypt one `m.room.encrypted` event as the server sent it, and return it in the clear.

        The same event may be decrypted again, another one with the same ciphertext never (C9).
        Raises `NoKey` if the key or the sender's device may still arrive, `BadCipher` if it is
        refused.
        """
        sealed = read_envelope(event, MEGOLM)
        sender = UserId(sealed.sender)
        trust, device, plaintext, index = self._decrypt_payload(room, sender, sealed)
        kind, content = read_payload(plaintext, room)
        used = (sealed.session, sender, index, EventId(sealed.event), sealed.ts)
        if not self._store.megolm.is_first_use(*used):
            raise BadCipher("replay")
        return DecryptedEvent(kind, content, trust, device, sealed.session)

    def _decrypt_payload(
        self, room: RoomId, sender: UserId, sealed: Envelope
    ) -> tuple[Trust, str, bytes, int]:
        """Decrypt with the claim of a device of the person whom the server names (C8), signed ones
        first."""
        late = NoKey(sealed.session)
        for claim, trust, device in self._fitting_claims(room, sender, sealed.session):
            session = self._store.megolm.find(room, sealed.session, sender, claim)
            if session is None:
                continue
            try:
                plaintext, index = _decrypt_session(session, sealed)
            except NoKey as missing:
                late = missing
                continue
            if trust is Trust.UNSIGNED and sender not in self._book.fresh:
                self._book.due.add(sender)
                raise NoKey(sealed.session, "device")  # perhaps it has been signed meanwhile
            if trust is Trust.REPLACED:
                self._book.quarantine.is_old_device(sender, claim.sender_key, claim.ed25519)
            return trust, device, plaintext, index
        raise late

    def _fitting_claims(
        self, room: RoomId, sender: UserId, session: str
    ) -> list[tuple[SessionClaim, Trust, str]]:
        """Return the claims that fit a device of this person. Raises `NoKey` if none does yet."""
        claims = self._store.megolm.claims(room, session, sender)
        mine = SessionClaim(self.curve25519, self.ed25519)
        if sender == self.user and mine in claims:
            return [(mine, Trust.SIGNED, self.device)]
        fitting = [
            found for one in claims if (found := self._device_of_claim(sender, one)) is not None
        ]
        if claims and not fitting:
            self._book.due.add(sender)
            raise NoKey(session, "device")
        return sorted(fitting, key=lambda one: one[1] is not Trust.SIGNED)

    def _device_of_claim(
        self, sender: UserId, claim: SessionClaim
    ) -> tuple[SessionClaim, Trust, str] | None:
        """Return the claim with its device and trust, also for a device of the person's old
        identity."""
        device = self._book.device_with_keys(sender, claim.sender_key, claim.ed25519)
        if device is not None:
            return claim, self._book.trust_of(device), device.id
        if self._book.quarantine.is_old_device(sender, claim.sender_key, claim.ed25519):
            return claim, Trust.REPLACED, ""  # the server has dropped it from the list
        return None

    async def encrypt(
        self,
        http: JsonHttp,
        room: Room,
        members: Sequence[UserId],
        kind: str,
        content: Mapping[str, Any],
        *,
        everyone: bool = False,
        shared: bool = False,
    ) -> dict[str, Any]:
        """Return the content of an `m.room.encrypted` event with `content` for `members`.

        `members` are those whom the server calls joined. Only their owner-signed devices can read
        it; with `everyone` all their devices can, which is for help rooms only. With `shared`
        whoever is invited later may be given the key. Raises `TryLater` while our server prevents
        the delivery of keys.
        """
        payload = {"type": kind, "content": content, "room_id": room.room}
        rules = room.encryption or {}
        ciphertext, session_id = await self._sharer.encrypt(
            http, room.room, rules, members, payload, everyone=everyone, shared=shared
        )
        sealed = {
            "algorithm": MEGOLM,
            "ciphertext": ciphertext,
            "session_id": session_id,
            "sender_key": self.curve25519,
            "device_id": self.device,
        }
        relation = as_mapping(content, "m.relates_to")
        return sealed | {"m.relates_to": dict(relation)} if relation else sealed

    def forget_event(self, room: RoomId, event: EventId) -> bool:
        """Delete the keys by which this event and earlier ones of its session can be read here.
        Return whether any was there."""
        return self._store.forget_event(room, event)

    def forget_before(self, room: RoomId, before: datetime) -> None:
        """Delete the keys for everything sent in the room before an instant, and use a new key from
        now on."""
        self._sharer.discard_session(room)
        self._store.forget_before(room, before, self.curve25519)

    def purge(self, before: datetime) -> int:
        """Delete keys first seen before an instant, with their replay marks. Return how many.

        Call it only after a catch-up: what is deleted can never be read again.
        """
        forgotten = self._store.purge(before, datetime.now(UTC) - MARKS_KEPT_FOR)
        self._olm.session_store.forget_all()
        return forgotten


def _decrypt_session(session: InboundSession, sealed: Envelope) -> tuple[bytes, int]:
    """Decrypt to bytes, not to text: what a member encrypts need not be UTF-8 (C4)."""
    try:
        message = vodozemac.MegolmMessage.from_base64(sealed.ciphertext)
        if message.message_index() < session.first_known_index:
            raise NoKey(sealed.session, "index")  # the key we have starts later
        if message.message_index() >= LAST_INDEX:
            raise BadCipher("index")  # no client comes that far
        opened = session.session.decrypt(message)
    except (ValueError, TypeError) as error:
        raise BadCipher("ciphertext") from error
    return bytes(opened.plaintext), int(opened.message_index)
