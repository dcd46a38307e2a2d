"""vodozemac's ratchets as we keep them: our account, and the Megolm sessions of others."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import vodozemac

from bot.types import RoomId, UserId

LAST_INDEX = 2**32 - 1
"""The last message that a Megolm ratchet counts to (32 bits). Sessions are replaced long before."""


@dataclass(slots=True)
class OlmAccount:
    """Our device's keys, and whether the server has them (`shared`)."""

    keys: Any  # a vodozemac.Account, whose types don't know fallback keys
    shared: bool = False

    @property
    def curve25519(self) -> str:
        """The public identity key, by which others name the device."""
        return str(self.keys.curve25519_key.to_base64())

    @property
    def ed25519(self) -> str:
        """The public signing key, the fingerprint that people compare."""
        return str(self.keys.ed25519_key.to_base64())

    def start_outbound(self, curve_key: str, one_time_key: str) -> vodozemac.Session:
        """Return a new Olm session with the device of an identity key, by one of its one-time
        keys. Raises `ValueError` for what is no key. The account does not change."""
        session: vodozemac.Session = self.keys.create_outbound_session(
            vodozemac.Curve25519PublicKey.from_base64(curve_key),
            vodozemac.Curve25519PublicKey.from_base64(one_time_key),
        )
        return session

    def start_inbound(
        self, curve_key: str, message: vodozemac.PreKeyMessage
    ) -> tuple[vodozemac.Session, bytes]:
        """Return the Olm session that another device began with a message, and what it says.

        Uses up a one-time key: save the account. Raises `ValueError` for a message that doesn't
        fit.
        """
        identity = vodozemac.Curve25519PublicKey.from_base64(curve_key)
        session, plaintext = self.keys.create_inbound_session(identity, message)
        return session, bytes(plaintext)


@dataclass(frozen=True, slots=True)
class SessionClaim:
    """A device's claim to a session: its identity key and its signing key."""

    sender_key: str
    ed25519: str


@dataclass(frozen=True, slots=True)
class InboundSession:
    """A Megolm session with the room that it is for, and the keys of the device that claims it."""

    session: vodozemac.InboundGroupSession
    ed25519: str
    sender_key: str
    room: RoomId

    @classmethod
    def begin(cls, key: str, ed25519: str, sender_key: str, room: RoomId) -> InboundSession:
        """Return the session of an `m.room_key`. Raises `ValueError` for what is no key."""
        made = vodozemac.InboundGroupSession(vodozemac.SessionKey(key))
        return cls(made, ed25519, sender_key, room)

    @classmethod
    def unpickle(
        cls, pickle: bytes, secret: bytes, ed25519: str, sender_key: str, room: RoomId
    ) -> InboundSession:
        """Return a session as `pickle` wrote it. Raises `ValueError`."""
        made = vodozemac.InboundGroupSession.from_pickle(bytes(pickle).decode(), secret)
        return cls(made, ed25519, sender_key, room)

    def pickle(self, secret: bytes) -> bytes:
        """Return the session, encrypted with a key of 32 bytes."""
        return str(self.session.pickle(secret)).encode()

    @property
    def id(self) -> str:
        """The name of the session, which all claims to it share."""
        return str(self.session.session_id)

    @property
    def claim(self) -> SessionClaim:
        """The claim of the device that announced it."""
        return SessionClaim(self.sender_key, self.ed25519)

    @property
    def first_known_index(self) -> int:
        """The index of the first message that it opens."""
        return int(self.session.first_known_index)

    def export_at(self, index: int) -> str:
        """Return the key of the session from a message on, as it is given to others."""
        exported = self.session.export_at(index)
        assert exported is not None, "the session begins later"
        return str(exported.to_base64())

    def advance(self, index: int) -> InboundSession | None:
        """Return the session from a message on: what was said before it does not open. Return None
        where no message can have that index."""
        if index > LAST_INDEX:
            return None
        key = vodozemac.ExportedSessionKey(self.export_at(index))
        made = vodozemac.InboundGroupSession.import_session(key)
        return InboundSession(made, self.ed25519, self.sender_key, self.room)


class SessionFile(Protocol):
    """A `KeyStore`, as far as `MegolmSessions` need it."""

    pickle_key: bytes

    def run(self, sql: str, *args: Any) -> Any: ...

    def atomic(self) -> AbstractContextManager[Any]: ...

    def keyed_hash(self, *words: str) -> str: ...

    def knows_device_of(self, user: UserId) -> bool: ...

    def known_people(self) -> Collection[UserId]: ...
