"""Inbound Megolm sessions on disk. Several people may announce one id: each has a claim.

(docs/decisions/0025; codes such as H10 are described in tests/matrix/test_points.py.)
"""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from datetime import datetime
from functools import lru_cache, partial

import structlog

from bot.matrix.crypto.ratchets import InboundSession, SessionClaim, SessionFile
from bot.types import EventId, RoomId, UserId

_log = structlog.get_logger()
TABLES = """
CREATE TABLE IF NOT EXISTS minga_megolm (
  session_id TEXT NOT NULL, room TEXT NOT NULL, who TEXT NOT NULL, sender_key TEXT NOT NULL,
  fp_key TEXT NOT NULL, session BLOB NOT NULL, seen INTEGER NOT NULL,
  home TEXT NOT NULL DEFAULT '', shared INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (session_id, room, who, sender_key, fp_key));
CREATE INDEX IF NOT EXISTS minga_megolm_who ON minga_megolm (who, seen);
CREATE INDEX IF NOT EXISTS minga_megolm_room ON minga_megolm (room);
CREATE INDEX IF NOT EXISTS minga_megolm_seen ON minga_megolm (seen);
CREATE INDEX IF NOT EXISTS minga_megolm_home ON minga_megolm (home, seen) WHERE home != '';
CREATE TABLE IF NOT EXISTS minga_used (
  session_id TEXT, who TEXT, idx INTEGER, event TEXT NOT NULL, ts INTEGER NOT NULL,
  PRIMARY KEY (session_id, who, idx)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS minga_used_event ON minga_used (event);
"""
MIGRATION = """
INSERT OR IGNORE INTO minga_megolm SELECT session_id, room_id, '', sender_key, fp_key, session,
  coalesce((SELECT seen FROM minga_session s WHERE s.session_id = m.session_id),
           CAST(strftime('%s') AS INTEGER)), '', 0 FROM megolminboundsessions m;
INSERT OR IGNORE INTO minga_used SELECT session_id, '', idx, event, ts FROM minga_replay;
DELETE FROM megolminboundsessions;
DROP TABLE minga_replay;
DROP TABLE minga_session;
"""
"""For files in which a session had one owner. Who announced it is unknown: `who` is empty."""

SHARED_COLUMN = "ALTER TABLE minga_megolm ADD COLUMN shared INTEGER NOT NULL DEFAULT 0"
"""For files from before sessions were marked: no old one is given to newcomers."""

MOST_CLAIMS = 4
"""Limit of one person's claims to a session: their devices, or inventions of their server."""
MOST_SESSIONS = 5_000
"""Limit of sessions of one person whose devices we know."""
MOST_STRANGER_SESSIONS = 50
"""Limit of sessions of one stranger: a person of whom we know no device."""
MOST_STRANGER_SESSIONS_IN_ALL = 10_000
"""Limit of sessions of all strangers. Beyond it, the server with most of them loses some."""
MOST_IN_MEMORY = 2_000
"""Limit of Megolm sessions in memory; the others are on disk (M2)."""


class MegolmSessions:
    """All claims to all sessions. Who announced a session is stored only as a keyed hash."""

    def __init__(self, store: SessionFile) -> None:
        self._store = store
        self._run = store.run
        self._memory: OrderedDict[tuple[str, str, str, SessionClaim], InboundSession] = (
            OrderedDict()
        )
        self.hash_user = lru_cache(MOST_IN_MEMORY)(partial(store.keyed_hash, "session"))
        """Returns the keyed hash of a person's id. Each event asks for its sender's twice."""
        for statement in TABLES.split(";")[:-1]:
            self._run(statement)
        columns = {row[1] for row in self._run("PRAGMA table_info(minga_megolm)").fetchall()}
        if "shared" not in columns:
            self._run(SHARED_COLUMN)
        if self._run("SELECT 1 FROM sqlite_master WHERE name = 'minga_replay'").fetchone():
            with store.atomic():
                for statement in MIGRATION.split(";")[:-1]:
                    self._run(statement)

    def rooms_of(self, user: UserId, sender_key: str, since: int) -> list[RoomId]:
        """Return the rooms with sessions of this device seen since a Unix time, latest first."""
        rows = self._run(
            "SELECT room FROM minga_megolm WHERE who = ? AND sender_key = ? AND seen >= ?"
            " GROUP BY room ORDER BY max(seen) DESC",
            self.hash_user(user),
            sender_key,
            since,
        )
        return [RoomId(row[0]) for row in rows.fetchall()]

    # --- in -----------------------------------------------------------------------------------

    def add(self, user: UserId, session: InboundSession, *, shared: bool = False) -> bool:
        """Store a session as announced by this person. Return False if it is stored already from as
        early on.

        `shared`: who made it lets newcomers have it. Said once of a claim that they may not, that
        holds. Touches no other person's claim. Raises `OverflowError` if there are too many claims.
        """
        known = self.find(session.room, session.id, user, session.claim)
        if known is not None and known.first_known_index <= session.first_known_index:
            if not shared:
                self._unmark(user, session)
            return False
        if known is None:
            self._make_room(user, session)
        self._save(user, session, shared)
        return True

    def _unmark(self, user: UserId, session: InboundSession) -> None:
        """Note that newcomers may not have this claim's session."""
        self._run(
            "UPDATE minga_megolm SET shared = 0 WHERE session_id = ? AND room = ? AND who = ?"
            " AND sender_key = ? AND fp_key = ? AND shared",
            session.id,
            session.room,
            self.hash_user(user),
            session.sender_key,
            session.ed25519,
        )

    def _save(self, user: UserId, session: InboundSession, shared: bool) -> None:
        self._memory.pop((user, session.room, session.id, session.claim), None)
        keys = (session.id, session.room, session.sender_key, session.ed25519)
        who = self.hash_user(user)
        self._run(
            "UPDATE OR REPLACE minga_megolm SET who = ?5 WHERE session_id = ?1 AND room = ?2"
            " AND sender_key = ?3 AND fp_key = ?4 AND who = ''",
            *keys,
            who,
        )
        self._run(
            "INSERT INTO minga_megolm (session_id, room, sender_key, fp_key, who, session, seen,"
            " home, shared) VALUES (?1, ?2, ?3, ?4, ?5, ?6, coalesce((SELECT min(seen) FROM"
            " minga_megolm WHERE session_id = ?1), ?7), ?8, ?9) ON CONFLICT DO UPDATE SET session ="
            " excluded.session, home = excluded.home, shared = min(shared, excluded.shared)",
            *keys,
            who,
            session.pickle(self._store.pickle_key),
            int(time.time()),
            ""
            if self._store.knows_device_of(user)
            else self._store.keyed_hash("home", user.partition(":")[2]),
            shared,
        )

    def _make_room(self, user: UserId, session: InboundSession) -> None:
        """Delete the oldest beyond the limits, first what fits no device of the person.

        So a flood displaces only what it brought itself.
        """
        who, known = self.hash_user(user), self._store.knows_device_of(user)
        same = "who = ?1 AND session_id = ?3 AND room = ?4"
        if self._count(same, who, user, session.id, session.room) >= MOST_CLAIMS:
            spare = f"{same} AND {_NO_DEVICE}"
            if not self._drop_oldest(spare, who, user, session.id, session.room):
                raise OverflowError
        most = MOST_SESSIONS if known else MOST_STRANGER_SESSIONS
        if self._count("who = ?1", who) >= most:
            self._drop_oldest("who = ?1", who, user)
        if not known and self._count("home != ''") >= MOST_STRANGER_SESSIONS_IN_ALL:
            (home,) = self._run(
                "SELECT home FROM minga_megolm WHERE home != '' GROUP BY home"
                " ORDER BY count(*) DESC LIMIT 1"
            ).fetchone()
            self._drop_oldest("home = ?1", home, user)

    def _count(self, condition: str, *args: str) -> int:
        found = self._run(f"SELECT count(*) FROM minga_megolm WHERE {condition}", *args)  # noqa: S608
        return int(found.fetchone()[0])

    def _drop_oldest(self, condition: str, *args: str) -> bool:
        self._memory.clear()
        order = f"({_NO_DEVICE}) DESC, seen, rowid"
        return bool(
            self._run(
                "DELETE FROM minga_megolm WHERE rowid = (SELECT rowid FROM minga_megolm"  # noqa: S608
                f" WHERE {condition} ORDER BY {order} LIMIT 1)",
                *args,
            ).rowcount
        )

    # --- out ----------------------------------------------------------------------------------

    def claims(self, room: RoomId, session_id: str, user: UserId) -> list[SessionClaim]:
        """Return the sessions that this person announced under that id; for older files, whoever
        announced them."""
        rows = self._run(
            "SELECT DISTINCT sender_key, fp_key FROM minga_megolm"
            " WHERE session_id = ? AND room = ? AND who IN (?, '')",
            session_id,
            room,
            self.hash_user(user),
        ).fetchall()
        return [SessionClaim(*row) for row in rows]

    def find(
        self, room: RoomId, session_id: str, user: UserId, claim: SessionClaim
    ) -> InboundSession | None:
        """Return the session that a person announced, or None."""
        key = (user, room, session_id, claim)
        if held := self._memory.get(key):
            self._memory.move_to_end(key)
            return held
        rows = self._run(
            "SELECT rowid, session FROM minga_megolm WHERE session_id = ? AND room = ?"
            " AND who IN (?, '') AND sender_key = ? AND fp_key = ? ORDER BY who DESC",
            session_id,
            room,
            self.hash_user(user),
            claim.sender_key,
            claim.ed25519,
        ).fetchall()
        keys = (claim.ed25519, claim.sender_key, room)
        read = (self._read_stored(row, pickle, *keys) for row, pickle in rows)
        if (session := next(filter(None, read), None)) is None:
            return None
        self._memory[key] = session
        if len(self._memory) > MOST_IN_MEMORY:
            self._memory.popitem(last=False)
        return session

    def _read_stored(
        self, row: int, pickle: bytes, ed25519: str, sender_key: str, room: RoomId
    ) -> InboundSession | None:
        """Return the session in a row. One that cannot be read is deleted, as if it were missing:
        its sender may announce it again."""
        secret = self._store.pickle_key
        try:
            return InboundSession.unpickle(pickle, secret, ed25519, sender_key, room)
        except ValueError:  # vodozemac's PickleException, or no text at all
            self._run("DELETE FROM minga_megolm WHERE rowid = ?", row)
            _log.warning("a Megolm session could not be read, and was deleted")
            return None

    def is_first_use(
        self, session_id: str, user: UserId, index: int, event: EventId, ts: int
    ) -> bool:
        """Return whether no other event was encrypted with this index. Remembered on disk (C9).

        Counts for all claims of the person to this id together, since the same words are said only
        once.
        """
        who = self.hash_user(user)
        row = self._run(
            "SELECT event, ts FROM minga_used WHERE session_id = ? AND who IN (?, '') AND idx = ?",
            session_id,
            who,
            index,
        ).fetchone()
        if row is None:
            self._run(
                "INSERT INTO minga_used VALUES (?, ?, ?, ?, ?)", session_id, who, index, event, ts
            )
            return True
        return (row[0], row[1]) == (event, ts)

    # --- forgetting ---------------------------------------------------------------------------

    def purge(self, before: int, strange_before: int) -> int:
        """Delete sessions first seen before a Unix time, with their marks. Return how many (M2).

        Sessions of strangers are deleted by the other, later Unix time.
        """
        self._memory.clear()
        hashed = self.hash_user.__wrapped__  # without remembering all: most say nothing for days
        known = json.dumps([hashed(user) for user in self._store.known_people()])
        inside = "who IN (SELECT value FROM json_each(?))"
        self._run(f"UPDATE minga_megolm SET home = '' WHERE home != '' AND {inside}", known)  # noqa: S608
        gone = self._run("DELETE FROM minga_megolm WHERE seen < ?", before).rowcount
        self._run("DELETE FROM minga_megolm WHERE home != '' AND seen < ?", strange_before)
        self._run(
            "DELETE FROM minga_used WHERE session_id NOT IN (SELECT session_id FROM minga_megolm)"
        )
        return int(gone)

    def forget_event(self, room: RoomId, event: EventId) -> bool:
        """Do what `KeyStore.forget_event` says, for every person's claim to the session. Return
        whether there was a key to delete."""
        row = self._run("SELECT session_id, idx FROM minga_used WHERE event = ?", event).fetchone()
        return row is not None and self._advance(room, row[0], row[1] + 1)

    def _advance(self, room: RoomId, session_id: str, index: int) -> bool:
        """Let no claim to the session decrypt anything before `index`. Return False if none did."""
        rows = self._run(
            "SELECT rowid, session, fp_key, sender_key FROM minga_megolm"
            " WHERE session_id = ? AND room = ?",
            session_id,
            room,
        ).fetchall()
        moved = False
        for row, pickle, ed25519, key in rows:
            session = self._read_stored(row, pickle, ed25519, key, room)
            if session is None or session.first_known_index >= index:
                continue
            if (later := session.advance(index)) is None:
                self._run("DELETE FROM minga_megolm WHERE rowid = ?", row)
            else:
                kept = later.pickle(self._store.pickle_key)
                self._run("UPDATE minga_megolm SET session = ? WHERE rowid = ?", kept, row)
            moved = True
        self._memory.clear()
        return moved

    def forget_before(self, room: RoomId, before: datetime, own: str) -> None:
        """Do what `KeyStore.forget_before` says."""
        rows = self._run(
            "SELECT session_id, max(idx) FROM minga_used WHERE ts < ? AND session_id IN"
            " (SELECT session_id FROM minga_megolm WHERE room = ?) GROUP BY session_id",
            int(before.timestamp() * 1000),
            room,
        ).fetchall()
        old = (
            "session_id IN (SELECT session_id FROM minga_megolm"
            " WHERE room = ? AND sender_key = ? AND seen < ?)"
        )
        for session_id, index in rows:
            self._advance(room, session_id, index + 1)
            self._run("DELETE FROM minga_used WHERE session_id = ? AND idx <= ?", session_id, index)
        given = (room, own, int(before.timestamp()))
        for table in ("minga_used", "minga_megolm"):
            self._run(f"DELETE FROM {table} WHERE {old}", *given)  # noqa: S608
        self._memory.clear()


_NO_DEVICE = (
    "NOT EXISTS (SELECT 1 FROM minga_device d WHERE d.user = ?2"
    " AND d.curve25519 = sender_key AND d.ed25519 = fp_key)"
)
