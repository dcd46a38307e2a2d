"""The Olm sessions with other devices: which to write by, and how many are kept.

M2 is described in tests/matrix/test_points.py.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

import vodozemac

from bot.matrix.crypto.key_store import KeyStore
from bot.matrix.crypto.trust import Device

TABLE = """
CREATE TABLE IF NOT EXISTS minga_begun (
  session_id TEXT PRIMARY KEY REFERENCES olmsessions (session_id) ON DELETE CASCADE,
  ed25519 TEXT NOT NULL) WITHOUT ROWID
"""
MOST_OLM_SESSIONS = 8
"""Limit of sessions that a device has begun with us: a stranger may begin any number of them."""
MOST_BEGUN = 2
"""Limit of sessions that we have begun with a device: the one in use, and the one before it."""
MOST_IN_MEMORY = 300
"""Limit of devices whose sessions are in memory: they take 3.6 KiB each, and are used again when a
room's key changes, after days. To read one from disk takes as long as to write to it."""


@dataclass(slots=True)
class _Held:
    """Sessions under one identity key, and for whose signing key we began those that we began."""

    sessions: list[vodozemac.Session]
    begun_for: dict[str, str]


class OlmSessions:
    """The Olm sessions by the identity key of the other device, the one to answer with first.

    Anybody can list another's identity key as one of their own device, and need not have its secret
    half. So a session that we begin is for one signing key, which nobody can list without having
    it: it is neither used for another device nor takes the place of another's session. What a
    device has begun itself proves that it has the identity key.
    """

    def __init__(self, store: KeyStore) -> None:
        self._store = store
        self._entries: OrderedDict[str, _Held] = OrderedDict()
        store.run(TABLE)

    def __getitem__(self, sender_key: str) -> list[vodozemac.Session]:
        return self._read(sender_key).sessions

    def _read(self, sender_key: str) -> _Held:
        if (held := self._entries.get(sender_key)) is not None:
            self._entries.move_to_end(sender_key)
            return held
        found = self._store.read_sessions(sender_key)
        if not found:
            return _Held([], {})  # nothing for unknown keys (M2)
        rows = self._store.run(
            "SELECT session_id, ed25519 FROM minga_begun"
            " WHERE session_id IN (SELECT value FROM json_each(?))",
            json.dumps([one.session_id for one in found]),
        )
        return self._keep(sender_key, _Held(found, dict(rows.fetchall())))

    def _keep(self, sender_key: str, held: _Held) -> _Held:
        """Hold the device's sessions in memory. Those that were not used for longest are dropped
        for them: each was written to disk when it was used."""
        self._entries[sender_key] = held
        self._entries.move_to_end(sender_key)
        if len(self._entries) > MOST_IN_MEMORY:
            self._entries.popitem(last=False)
        return held

    def get(self, device: Device) -> vodozemac.Session | None:
        """Return the session to write to the device with, or None."""
        held, own = self._read(device.curve25519), device.ed25519
        fitting = (s for s in held.sessions if held.begun_for.get(s.session_id, own) == own)
        return next(fitting, None)

    def add(self, sender_key: str, session: vodozemac.Session) -> None:
        """Store a session that the device of this Curve25519 key has begun, as its newest. A
        stranger who begins many displaces only their own."""
        self._add(sender_key, session, None, MOST_OLM_SESSIONS)
        self._store.save_session(sender_key, session, received=True)

    def add_begun(self, device: Device, session: vodozemac.Session) -> None:
        """Store a session that we have begun with a device, as its newest."""
        self._add(device.curve25519, session, device.ed25519, MOST_BEGUN)
        self._store.save_session(device.curve25519, session)
        named = (session.session_id, device.ed25519)
        self._store.run("INSERT OR REPLACE INTO minga_begun VALUES (?, ?)", *named)

    def _add(
        self, sender_key: str, session: vodozemac.Session, begun_for: str | None, most: int
    ) -> None:
        held = self._read(sender_key)
        same = [s for s in held.sessions if held.begun_for.get(s.session_id) == begun_for]
        self._drop(sender_key, held, same[most - 1 :])
        held.sessions.insert(0, session)
        if begun_for is not None:
            held.begun_for[session.session_id] = begun_for
        self._keep(sender_key, held)

    def _drop(self, sender_key: str, held: _Held, spare: Iterable[vodozemac.Session]) -> None:
        spare = list(spare)
        self._store.drop_sessions(sender_key, spare)
        for session in spare:
            held.sessions.remove(session)
            held.begun_for.pop(session.session_id, None)

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
