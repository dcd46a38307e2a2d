"""The Matrix keys on disk: nio's tables and ours in one SQLCipher file (KEYS.md).

nio keeps account, Olm and Megolm sessions; ours hold what nio forgets: who signed which device,
which message index was whose, what was handled, and when a session was first seen.
"""

from __future__ import annotations

import hmac
import json
import logging
import time
from collections import OrderedDict
from collections.abc import Collection, Iterable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import peewee
from nio.crypto import InboundGroupSession, OlmAccount, Session
from nio.store import SqliteStore
from playhouse.sqlcipher_ext import SqlCipherDatabase

from bot.types import EventId, RoomId, UserId
from storage import disk
from storage.database import DatabaseError, WrongKey, not_a_database
from storage.keys import derive

PRAGMAS = (
    ("cipher_log_level", "NONE"),
    ("foreign_keys", 1),
    ("journal_mode", "wal"),
    ("synchronous", "full"),
    ("busy_timeout", 5000),
    ("secure_delete", 1),
    ("temp_store", "memory"),
)
TABLES = """
CREATE TABLE IF NOT EXISTS minga_person (
  user TEXT PRIMARY KEY, fresh INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS minga_device (
  user TEXT, device TEXT, ed25519 TEXT NOT NULL, curve25519 TEXT NOT NULL,
  signed INTEGER NOT NULL, PRIMARY KEY (user, device)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS minga_master (
  user TEXT, master TEXT, seen INTEGER NOT NULL, PRIMARY KEY (user, master)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS minga_pin (
  who TEXT, master TEXT, gone INTEGER, PRIMARY KEY (who, master)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS minga_replaced (user TEXT PRIMARY KEY, seen INTEGER NOT NULL)
  WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS minga_confirmed (user TEXT PRIMARY KEY, seen REAL NOT NULL)
  WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS minga_session (
  session_id TEXT PRIMARY KEY, seen INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS minga_replay (
  session_id TEXT, idx INTEGER, event TEXT NOT NULL, ts INTEGER NOT NULL,
  PRIMARY KEY (session_id, idx)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS minga_replay_event ON minga_replay (event);
CREATE TABLE IF NOT EXISTS minga_handled (
  hash BLOB PRIMARY KEY, seen INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS minga_handled_seen ON minga_handled (seen);
CREATE INDEX IF NOT EXISTS minga_olm ON olmsessions (account_id, sender_key, last_usage_date);
"""
BROKEN = (peewee.PeeweeException, DatabaseError)
"""What means that the disk, not a stranger, is at fault."""
HELD_SESSIONS = 2_000
"""Megolm sessions kept in memory; the rest wait on disk (M2)."""

HANDLED_KEPT = timedelta(days=30)
"""How long the marks of handled to-device messages are kept."""
PINS_KEPT = timedelta(days=365)
"""How long after they went we would notice that somebody comes back with another identity."""
_PERSONAL = ("minga_person", "minga_device", "minga_master", "minga_replaced", "minga_confirmed")
"""Where people stand by name."""
_MOMENT = "%Y-%m-%d %H:%M:%S.%f"

logging.getLogger("nio").setLevel(logging.CRITICAL + 1)  # nio logs user ids and key ids


class KeyStore(SqliteStore):  # type: ignore[misc]  # nio has no types
    """nio's store in a SQLCipher file of our own, read lazily and written in few commits.

    Raises `WrongKey` if the file exists and `db_key` does not open it; it is never replaced.
    """

    def __init__(
        self, path: Path, user: UserId, device: str, *, db_key: bytes, pickle_key: bytes
    ) -> None:
        self._db_key = db_key
        self._veil = derive(pickle_key, "pins")
        self._held: OrderedDict[tuple[str, str], InboundGroupSession] = OrderedDict()
        if not path.exists():
            path.touch(mode=0o600)
        try:
            super().__init__(user, device, str(path.parent), pickle_key.hex(), path.name)
        except BROKEN as error:
            self.database.close()
            if not_a_database(error):
                raise WrongKey(str(path)) from error
            raise disk.cause(error, path) or error from None
        for statement in TABLES.split(";")[:-1]:
            self.database.execute_sql(statement)
        self._pin_all()

    def _create_database(self) -> Any:
        # M3: nio's own file is 0644, in clear and without WAL.
        return SqlCipherDatabase(
            self.database_path, passphrase=f"x'{self._db_key.hex()}'", pragmas=PRAGMAS
        )

    def close(self) -> None:
        self.database.close()

    def atomic(self) -> AbstractContextManager[Any]:
        """All of it or nothing of it."""
        return self.database.atomic()  # type: ignore[no-any-return]

    def run(self, sql: str, *args: Any) -> Any:
        return self.database.execute_sql(sql, args)

    def many(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        with self.atomic():
            for row in rows:
                self.database.execute_sql(sql, row)

    # --- account and Olm sessions: nio's tables, without its eleven-model binding per call -----

    def _account_id(self) -> int:
        row = self.run(
            "SELECT id FROM accounts WHERE user_id = ? AND device_id = ?",
            self.user_id,
            self.device_id,
        ).fetchone()
        return int(row[0])

    def save_account(self, account: OlmAccount) -> None:
        self.run(
            "INSERT INTO accounts (user_id, device_id, shared, account) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (user_id, device_id) DO UPDATE"
            " SET shared = excluded.shared, account = excluded.account",
            self.user_id,
            self.device_id,
            account.shared,
            account.pickle(self.pickle_key),
        )

    def load_sessions(self) -> Any:
        return None  # M2: `OlmSessions` reads them device by device

    def read_sessions(self, sender_key: str) -> list[Session]:
        """The sessions with one device, the one that last received something first (spec §Olm)."""
        rows = self.run(
            "SELECT session, creation_time FROM olmsessions WHERE account_id = ? AND sender_key = ?"
            " ORDER BY last_usage_date DESC",
            self._account_id(),
            sender_key,
        ).fetchall()
        return [
            Session.from_pickle(bytes(row[0]), datetime.fromisoformat(row[1]), self.pickle_key)
            for row in rows
        ]

    def save_session(self, sender_key: str, session: Session, *, received: bool = False) -> None:
        # M1: UTC, where nio writes local time. Sending must not make a session "most recent".
        now = datetime.now(UTC).strftime(_MOMENT)
        self.run(
            "INSERT INTO olmsessions (account_id, sender_key, session, session_id, creation_time,"
            " last_usage_date) VALUES (?1, ?2, ?3, ?4, ?5, ?5) ON CONFLICT (session_id) DO UPDATE"
            " SET session = ?3, last_usage_date = CASE WHEN ?6 THEN ?5 ELSE last_usage_date END",
            self._account_id(),
            sender_key,
            session.pickle(self.pickle_key),
            session.id,
            now,
            received,
        )

    def drop_sessions(self, sender_key: str, sessions: Iterable[Session]) -> None:
        self.many(
            "DELETE FROM olmsessions WHERE sender_key = ? AND session_id = ?",
            [(sender_key, s.id) for s in sessions],
        )

    # --- Megolm sessions ----------------------------------------------------------------------

    def load_inbound_group_sessions(self) -> Any:
        return None  # M2: nio loads every session there ever was; ours are found one by one

    def owner_of(self, session_id: str) -> tuple[str, str] | None:
        """Sender key and room that a session was first announced with, whatever the room."""
        row = self.run(
            "SELECT sender_key, room_id FROM megolminboundsessions WHERE session_id = ?", session_id
        ).fetchone()
        return (row[0], row[1]) if row else None

    def find_session(self, room: RoomId, session_id: str) -> InboundGroupSession | None:
        """Found by room and id alone: H9, the plain `sender_key` of an event may be absent."""
        if held := self._held.get((room, session_id)):
            self._held.move_to_end((room, session_id))
            return held
        row = self.run(
            "SELECT session, fp_key, sender_key FROM megolminboundsessions"
            " WHERE session_id = ? AND room_id = ?",
            session_id,
            room,
        ).fetchone()
        if row is None:
            return None
        session = InboundGroupSession.from_pickle(
            bytes(row[0]), row[1], row[2], room, self.pickle_key
        )
        self._held[(room, session_id)] = session
        if len(self._held) > HELD_SESSIONS:
            self._held.popitem(last=False)
        return session

    def save_inbound_group_session(self, session: InboundGroupSession) -> None:
        """Add or replace; whose a session is never changes (H10, `Guarded.learn` has checked)."""
        self._held.pop((session.room_id, session.id), None)
        self.run(
            "INSERT INTO megolminboundsessions (account_id, sender_key, fp_key, room_id, session,"
            " session_id) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (session_id) DO UPDATE"
            " SET session = excluded.session",
            self._account_id(),
            session.sender_key,
            session.ed25519,
            session.room_id,
            session.pickle(self.pickle_key),
            session.id,
        )
        self.run("INSERT OR IGNORE INTO minga_session VALUES (?, ?)", session.id, _now())

    def purge(self, before: datetime, handled_before: datetime) -> int:
        """Forget sessions first seen earlier with their replay rows; how many there were (M2).

        And marks, and Olm sessions with what is nobody's device here, from before the other time.
        """
        at = int(before.timestamp())
        self._held.clear()
        with self.atomic():
            old = "(SELECT session_id FROM minga_session WHERE seen < ?)"
            self.run(f"DELETE FROM minga_replay WHERE session_id IN {old}", at)  # noqa: S608
            gone = self.run(
                f"DELETE FROM megolminboundsessions WHERE session_id IN {old}",  # noqa: S608
                at,
            ).rowcount
            self.run("DELETE FROM minga_session WHERE seen < ?", at)
            self.run("DELETE FROM minga_handled WHERE seen < ?", int(handled_before.timestamp()))
            self.run(
                "DELETE FROM olmsessions WHERE last_usage_date < ?"
                " AND sender_key NOT IN (SELECT curve25519 FROM minga_device)",
                handled_before.strftime(_MOMENT),
            )
            self.run("DELETE FROM minga_pin WHERE gone < ?", _now() - PINS_KEPT.total_seconds())
        return int(gone)

    def forget(self, room: RoomId, event: EventId) -> bool:
        """Nothing here opens this event from now on, nor what was said in its session before it.

        The session goes on with the next message: a ratchet cannot be turned back (Megolm).
        """
        row = self.run("SELECT session_id, idx FROM minga_replay WHERE event = ?", event).fetchone()
        done = row is not None and self._advance(room, row[0], row[1] + 1)
        self.run("PRAGMA wal_checkpoint(TRUNCATE)")
        return done

    def _advance(self, room: RoomId, session_id: str, index: int) -> bool:
        """The session opens nothing before `index` any more. False: it opened nothing there."""
        session = self.find_session(room, session_id)
        if session is None or session.first_known_index >= index:
            return False
        later = InboundGroupSession.import_session(
            session.export_session(index), session.ed25519, session.sender_key, room
        )
        self.save_inbound_group_session(later)
        return True

    def forget_before(self, room: RoomId, before: datetime, own: str) -> None:
        """Nothing here opens what was said in the room before then, by us (`own`) or others.

        Others' sessions go on after the last message of theirs that is so old; of ours, in which
        we look for nothing, those that began earlier go whole.
        """
        rows = self.run(
            "SELECT session_id, max(idx) FROM minga_replay JOIN megolminboundsessions"
            " USING (session_id) WHERE room_id = ? AND ts < ? GROUP BY session_id",
            room,
            int(before.timestamp() * 1000),
        ).fetchall()
        old = (
            "session_id IN (SELECT session_id FROM megolminboundsessions JOIN minga_session"
            " USING (session_id) WHERE room_id = ? AND sender_key = ? AND seen < ?)"
        )
        with self.atomic():
            for session_id, index in rows:
                self._advance(room, session_id, index + 1)
                self.run(
                    "DELETE FROM minga_replay WHERE session_id = ? AND idx <= ?", session_id, index
                )
            given = (room, own, int(before.timestamp()))
            for table in ("minga_replay", "megolminboundsessions"):
                self.run(f"DELETE FROM {table} WHERE {old}", *given)  # noqa: S608
        self._held.clear()
        self.run("PRAGMA wal_checkpoint(TRUNCATE)")

    # --- people -------------------------------------------------------------------------------

    def veiled(self, *words: str) -> str:
        """Tells the same words again, and nothing else: a keyed hash."""
        return hmac.digest(self._veil, "\0".join(words).encode(), "sha256").hex()

    def _pin_all(self) -> None:
        """Files from before there were pins have the keys in clear alone."""
        if self.run("SELECT 1 FROM minga_pin LIMIT 1").fetchone() is None:
            known = self.run("SELECT user, master FROM minga_master").fetchall()
            self.many(
                "INSERT INTO minga_pin VALUES (?, ?, NULL)",
                [(self.veiled(user), self.veiled(user, master)) for user, master in known],
            )

    def drop_people(self, people: Collection[UserId]) -> set[str]:
        """Of these stay their pins alone. Whose Olm sessions went with them, by device key.

        A key that one of those who stay has too is theirs: anybody may name it as their own.
        """
        gone = json.dumps(sorted(people))
        named = "user IN (SELECT value FROM json_each(?))"
        with self.atomic():
            keys = self.run(f"SELECT curve25519 FROM minga_device WHERE {named}", gone)  # noqa: S608
            theirs = {row[0] for row in keys.fetchall()}
            for table in _PERSONAL:
                self.run(f"DELETE FROM {table} WHERE {named}", gone)  # noqa: S608
            kept = self.run("SELECT curve25519 FROM minga_device").fetchall()
            theirs -= {row[0] for row in kept}
            self.run(
                "DELETE FROM olmsessions WHERE sender_key IN (SELECT value FROM json_each(?))",
                json.dumps(sorted(theirs)),
            )
            self.run(
                "UPDATE minga_pin SET gone = ? WHERE who IN (SELECT value FROM json_each(?))",
                _now(),
                json.dumps([self.veiled(user) for user in people]),
            )
        self.run("PRAGMA wal_checkpoint(TRUNCATE)")
        return theirs

    # --- replay (C9) and handled to-device messages (H8) ---------------------------------------

    def first_use(self, session_id: str, index: int, event: EventId, ts: int) -> bool:
        """Is this index new, or this very event's? Remembered beyond a restart (C9)."""
        row = self.run(
            "SELECT event, ts FROM minga_replay WHERE session_id = ? AND idx = ?", session_id, index
        ).fetchone()
        if row is None:
            self.run("INSERT INTO minga_replay VALUES (?, ?, ?, ?)", session_id, index, event, ts)
            return True
        return (row[0], row[1]) == (event, ts)

    def handled(self, digest: bytes) -> bool:
        found = self.run("SELECT 1 FROM minga_handled WHERE hash = ?", digest).fetchone()
        return found is not None

    def mark_handled(self, digest: bytes) -> None:
        self.run("INSERT OR IGNORE INTO minga_handled VALUES (?, ?)", digest, _now())

    def load_device_keys(self) -> Any:
        return None  # the Book has them, with who signed them


def _now() -> int:
    return int(time.time())
