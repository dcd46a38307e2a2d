"""The Olm sessions with other devices: which to write by, and how many are kept.

M2 is described in tests/matrix/test_points.py.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import vodozemac

from bot.matrix.crypto.key_store import KeyStore
from bot.matrix.crypto.trust import Device
from bot.types import UserId

TABLE = """
CREATE TABLE minga_olm_owner (
  session_id TEXT PRIMARY KEY REFERENCES olmsessions (session_id) ON DELETE CASCADE,
  ed25519 TEXT NOT NULL, begun INTEGER NOT NULL) WITHOUT ROWID
"""
"""For which signing key a session is: that for which we began it, else that which its first message
names."""
NAME_OLDER = (
    "INSERT INTO minga_olm_owner SELECT session_id, min(ed25519), 0 FROM olmsessions"
    " JOIN minga_device ON curve25519 = sender_key"
    " GROUP BY session_id HAVING count(DISTINCT ed25519) = 1"
)
"""Of sessions from before this table: whose they are where one device alone has that key."""
MOST_OLM_SESSIONS = 8
"""Limit of sessions that a device has begun with us: a stranger may begin any number of them."""
MOST_BEGUN = 2
"""Limit of sessions that we have begun with a device: the one in use, and the one before it."""
MOST_TRIED = MOST_OLM_SESSIONS + MOST_BEGUN
"""Limit of sessions that are tried for one message: all that its sender can have."""
MOST_IN_MEMORY = 100
"""Limit of devices whose sessions are in memory: they take 3.6 KiB each, and are used again when a
room's key changes, after days. To read one from disk takes as long as to write to it."""


@dataclass(slots=True)
class _Held:
    """Sessions under one identity key, the signing keys that they are for, and the ids of those
    that we have begun."""

    sessions: list[vodozemac.Session]
    owners: dict[str, str]
    begun: set[str]


class OlmSessions:
    """The Olm sessions by the identity key of the other device, the one to answer with first.

    Anybody can list another's identity key as one of their own device, and need not have its secret
    half. So each session is for one signing key, which nobody can list without having it: that of
    the device that we began it with, or that which the first message by it names. It is neither
    used for another device nor takes the place of another's session.
    """

    def __init__(self, store: KeyStore) -> None:
        self._store = store
        self._entries: OrderedDict[str, _Held] = OrderedDict()
        found = "SELECT 1 FROM sqlite_master WHERE name = 'minga_olm_owner'"
        if store.run(found).fetchone() is None:
            with store.atomic():  # the table says that it is done: not the one without the other
                store.run(TABLE)
                store.run(NAME_OLDER)

    def list_candidates(self, user: UserId, sender_key: str) -> list[vodozemac.Session]:
        """Return the sessions by which a message of this person and identity key can have come, the
        likeliest first: at most `MOST_TRIED`.

        Where more people list the key, those that we began for their devices are left out.
        """
        held = self._read(sender_key)
        if len(held.sessions) <= MOST_TRIED:
            return list(held.sessions)
        theirs = self._list_signing_keys(sender_key, user)
        others = {one for one in held.begun if held.owners[one] not in theirs}
        return sorted(held.sessions, key=lambda s: s.session_id in others)[:MOST_TRIED]

    def _list_signing_keys(self, sender_key: str, user: UserId | None = None) -> set[str]:
        """Return the signing keys of the devices, of all people or of one, with an identity key."""
        rows = self._store.run(
            "SELECT ed25519 FROM minga_device WHERE curve25519 = ?1 AND (?2 IS NULL OR user = ?2)",
            sender_key,
            user,
        )
        return {row[0] for row in rows.fetchall()}

    def _read(self, sender_key: str) -> _Held:
        if (held := self._entries.get(sender_key)) is not None:
            self._entries.move_to_end(sender_key)
            return held
        found = self._store.read_sessions(sender_key)
        if not found:
            return _Held([], {}, set())  # nothing for unknown keys (M2)
        rows = self._store.run(
            "SELECT session_id, ed25519, begun FROM minga_olm_owner"
            " WHERE session_id IN (SELECT value FROM json_each(?))",
            json.dumps([one.session_id for one in found]),
        ).fetchall()
        owners = {session: ed25519 for session, ed25519, _ in rows}
        return self._keep(sender_key, _Held(found, owners, {row[0] for row in rows if row[2]}))

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
        held = self._read(device.curve25519)
        fitting = (s for s in held.sessions if held.owners.get(s.session_id) == device.ed25519)
        return next(fitting, None)

    def add_received(self, sender_key: str, session: vodozemac.Session) -> None:
        """Store a session that the device of this Curve25519 key has begun, as its newest. A
        stranger who begins many displaces only their own."""
        held = self._read(sender_key)
        theirs = [s for s in held.sessions if s.session_id not in held.begun]
        self._drop(sender_key, held, theirs[MOST_OLM_SESSIONS - 1 :])
        held.sessions.insert(0, session)
        self._keep(sender_key, held)
        self._store.save_session(sender_key, session, received=True)

    def note_signing_key(self, sender_key: str, session: vodozemac.Session, ed25519: str) -> None:
        """Note the signing key that a message by this session names as its sender's. Who can write
        by it can name any, but the first one counts."""
        held = self._read(sender_key)
        if ed25519 and session.session_id not in held.owners:
            held.owners[session.session_id] = ed25519
            self._save_owner(session, ed25519, begun=False)

    def add_begun(self, device: Device, session: vodozemac.Session) -> None:
        """Store a session that we have begun with a device, as its newest.

        Those that were begun for signing keys that no device with this identity key has now are
        deleted: who lists it could change theirs again and again.
        """
        held, own = self._read(device.curve25519), device.ed25519
        begun = [s for s in held.sessions if s.session_id in held.begun]
        same = [s for s in begun if held.owners[s.session_id] == own]
        spare = same[MOST_BEGUN - 1 :]
        if len(same) < len(begun):
            listed = self._list_signing_keys(device.curve25519) | {own}
            spare += [s for s in begun if held.owners[s.session_id] not in listed]
        self._drop(device.curve25519, held, spare)
        held.sessions.insert(0, session)
        held.owners[session.session_id] = own
        held.begun.add(session.session_id)
        self._keep(device.curve25519, held)
        self._store.save_session(device.curve25519, session)
        self._save_owner(session, own, begun=True)

    def _save_owner(self, session: vodozemac.Session, ed25519: str, *, begun: bool) -> None:
        row = (session.session_id, ed25519, begun)
        self._store.run("INSERT INTO minga_olm_owner VALUES (?, ?, ?)", *row)

    def _drop(self, sender_key: str, held: _Held, spare: Sequence[vodozemac.Session]) -> None:
        self._store.drop_sessions(sender_key, spare)
        for session in spare:
            held.sessions.remove(session)
            held.owners.pop(session.session_id, None)
            held.begun.discard(session.session_id)

    def put_first(self, sender_key: str, session: vodozemac.Session) -> None:
        """Answer the device with this session from now on."""
        held = self._read(sender_key).sessions
        held.remove(session)
        held.insert(0, session)

    def forget_all(self) -> None:
        """Drop all sessions from memory, so that they are read from disk again."""
        self._entries.clear()

    def forget(self, sender_key: str) -> None:
        """Drop the device's sessions from memory, so that they are read from disk again."""
        self._entries.pop(sender_key, None)
