"""The account of our device, and the Olm sessions that it has, read from disk device by device."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import vodozemac

MOST_OLM_SESSIONS = 8
"""Limit of Olm sessions per device: a stranger may start any number of them."""
MOST_IN_MEMORY = 300
"""Limit of devices whose sessions are in memory: they take 3.6 KiB each, and are used again when a
room's key changes, after days. To read one from disk takes as long as to write to it."""


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


class OlmFile(Protocol):
    """A `KeyStore`, as far as `OlmSessions` need it."""

    def read_sessions(self, sender_key: str) -> list[vodozemac.Session]: ...

    def drop_sessions(self, sender_key: str, sessions: Iterable[vodozemac.Session]) -> None: ...


class OlmSessions:
    """The Olm sessions by the identity key of the other device, the one to answer with first."""

    def __init__(self, store: OlmFile) -> None:
        self._store = store
        self._entries: OrderedDict[str, list[vodozemac.Session]] = OrderedDict()

    def __getitem__(self, sender_key: str) -> list[vodozemac.Session]:
        if (held := self._entries.get(sender_key)) is not None:
            self._entries.move_to_end(sender_key)
            return held
        found = self._store.read_sessions(sender_key)
        return self._keep(sender_key, found) if found else []  # nothing for unknown keys (M2)

    def _keep(self, sender_key: str, held: list[vodozemac.Session]) -> list[vodozemac.Session]:
        """Hold the device's sessions in memory. Those that were not used for longest are dropped
        for them: each was written to disk when it was used."""
        self._entries[sender_key] = held
        self._entries.move_to_end(sender_key)
        if len(self._entries) > MOST_IN_MEMORY:
            self._entries.popitem(last=False)
        return held

    def get(self, sender_key: str) -> vodozemac.Session | None:
        """Return the session to write to the device with, or None."""
        found = self[sender_key]
        return found[0] if found else None

    def add(self, sender_key: str, session: vodozemac.Session) -> None:
        """Add an Olm session with the device of this Curve25519 key, as its newest. A stranger who
        starts many displaces only their own."""
        held = [session, *self[sender_key]]
        self._store.drop_sessions(sender_key, held[MOST_OLM_SESSIONS:])
        self._keep(sender_key, held[:MOST_OLM_SESSIONS])

    def put_first(self, sender_key: str, session: vodozemac.Session) -> None:
        """Answer the device with this session from now on."""
        held = self[sender_key]
        held.remove(session)
        held.insert(0, session)

    def forget_all(self) -> None:
        """Drop all sessions from memory, so that they are read from disk again."""
        self._entries.clear()

    def forget(self, sender_key: str) -> None:
        """Drop the device's sessions from memory, so that they are read from disk again."""
        self._entries.pop(sender_key, None)
