"""The Matrix keys on disk: account, Olm and Megolm sessions, and whose they are.

Account and Olm sessions stand in the tables that matrix-nio made, which kept them until 0.2; in
ours is who signed which device, which message index was whose, what was handled, and when a session
was first seen. Codes such as M2 and H8 are described in tests/matrix/test_points.py.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

import structlog
import vodozemac

from bot.matrix.crypto.inbound_sessions import MegolmSessions
from bot.matrix.crypto.ratchets import OlmAccount
from bot.types import EventId, RoomId, UserId
from storage.connection import SyncConnection
from storage.database import DatabaseError, WrongKey, is_not_a_database
from storage.encryption.key_change import PICKLE_PLACE, SEALED_KEYS
from storage.encryption.keys import derive_key
from storage.encryption.sealing import unseal_bytes
from storage.files import disk

PRAGMAS = (
    "cipher_log_level = NONE",
    "foreign_keys = ON",
    "journal_mode = WAL",
    "synchronous = FULL",
    "busy_timeout = 5000",
    "secure_delete = ON",
    "temp_store = MEMORY",
    "cache_size = -500",  # KiB: few rows are read twice within a day
)
TABLES = """
CREATE TABLE IF NOT EXISTS accounts (
  id INTEGER NOT NULL PRIMARY KEY, account BLOB NOT NULL, user_id TEXT NOT NULL,
  device_id TEXT NOT NULL, shared INTEGER NOT NULL, UNIQUE (user_id, device_id));
CREATE TABLE IF NOT EXISTS olmsessions (
  session_id TEXT NOT NULL PRIMARY KEY, creation_time TEXT NOT NULL,
  last_usage_date TEXT NOT NULL, sender_key TEXT NOT NULL, account_id INTEGER NOT NULL,
  session BLOB NOT NULL, FOREIGN KEY (account_id) REFERENCES accounts (id) ON DELETE CASCADE);
CREATE TABLE IF NOT EXISTS minga_person (
  user TEXT PRIMARY KEY, fresh INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS minga_device (
  user TEXT, device TEXT, ed25519 TEXT NOT NULL, curve25519 TEXT NOT NULL,
  signed INTEGER NOT NULL, PRIMARY KEY (user, device)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS minga_device_keys ON minga_device (curve25519, ed25519);
CREATE TABLE IF NOT EXISTS minga_master (
  user TEXT, master TEXT, seen INTEGER NOT NULL, PRIMARY KEY (user, master)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS minga_pin (
  who TEXT, master TEXT, gone INTEGER, PRIMARY KEY (who, master)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS minga_replaced (user TEXT PRIMARY KEY, seen INTEGER NOT NULL)
  WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS minga_confirmed (user TEXT PRIMARY KEY, seen REAL NOT NULL)
  WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS minga_former (
  user TEXT, curve25519 TEXT, ed25519 TEXT, vouches INTEGER NOT NULL,
  PRIMARY KEY (user, curve25519, ed25519)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS minga_old (
  user TEXT PRIMARY KEY, seen REAL NOT NULL, back INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS minga_handled (
  hash BLOB PRIMARY KEY, seen INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS minga_handled_seen ON minga_handled (seen);
CREATE INDEX IF NOT EXISTS minga_olm ON olmsessions (account_id, sender_key, last_usage_date);
CREATE TABLE IF NOT EXISTS minga_stranger (
  sender_key TEXT PRIMARY KEY, who TEXT NOT NULL, home TEXT NOT NULL, seen INTEGER NOT NULL)
  WITHOUT ROWID;
"""
DISK_ERRORS = (DatabaseError,)
"""Exceptions of a broken disk, which no hostile input causes."""
MARKS_KEPT_FOR = timedelta(days=30)
"""How long marks of handled to-device messages are kept."""
STRANGERS_KEPT_FOR = timedelta(days=3)
"""How long keys and marks of strangers are kept: people of whom we know no device."""
MOST_STRANGER_DEVICES = 4
"""Limit of device keys of one stranger with Olm sessions. The oldest are deleted."""
MOST_STRANGERS = 2_000
"""Limit of strangers' device keys. Beyond it, the server with most of them loses its oldest."""
PINS_KEPT_FOR = timedelta(days=365)
"""How long after somebody left a return with another identity is noticed."""
_PERSONAL = (
    "minga_person",
    "minga_device",
    "minga_master",
    "minga_replaced",
    "minga_confirmed",
    "minga_quarantine",
    "minga_former",
    "minga_old",
)
"""Tables that hold people by name."""
_TIME_FORMAT = "%Y-%m-%d %H:%M:%S.%f"
_log = structlog.get_logger()


class KeyStore(SyncConnection):
    """A SQLCipher file of our own, read lazily and written in few commits.

    Raises `WrongKey` if the file exists and `db_key` does not open it. It is never replaced.
    """

    def __init__(
        self, path: Path, user: UserId, device: str, *, db_key: bytes, pickle_key: bytes
    ) -> None:
        self.user_id = user
        self.device_id = device
        if not path.exists():
            path.touch(mode=0o600)
        try:
            super().__init__(path, db_key, PRAGMAS)
        except DISK_ERRORS as error:
            if is_not_a_database(error):
                raise WrongKey(str(path)) from error
            raise disk.disk_cause(error, path) or error from None
        found = "SELECT 1 FROM sqlite_master WHERE name = 'minga_quarantine'"
        self.is_older = self.run(found).fetchone() is None
        for statement in TABLES.split(";")[:-1]:
            self.run(statement)
        pickle_key = self._kept_pickle_key(pickle_key)
        self.pickle_key = hashlib.sha256(pickle_key.hex().encode()).digest()  # nio's way
        self._veil = derive_key(pickle_key, "pins")
        self.megolm = MegolmSessions(self)
        self._migrate_pins()

    def _kept_pickle_key(self, pickle_key: bytes) -> bytes:
        """Return the key of the pickles: of an earlier root key once that was changed."""
        self.run(SEALED_KEYS)
        kept = self.run("SELECT value FROM minga_sealed_key WHERE name = 'pickle'").fetchone()
        return unseal_bytes(pickle_key, PICKLE_PLACE, bytes(kept[0])) if kept else pickle_key

    # --- account and Olm sessions -----------------------------------------------------------------

    @cached_property
    def _account_id(self) -> int:
        """The row of our account, which is never replaced."""
        row = self.run(
            "SELECT id FROM accounts WHERE user_id = ? AND device_id = ?",
            self.user_id,
            self.device_id,
        ).fetchone()
        return int(row[0])

    def load_account(self) -> OlmAccount | None:
        """Return the account of our device, or None in a new file."""
        row = self.run(
            "SELECT account, shared FROM accounts WHERE user_id = ? AND device_id = ?",
            self.user_id,
            self.device_id,
        ).fetchone()
        if row is None:
            return None
        keys = vodozemac.Account.from_pickle(bytes(row[0]).decode(), self.pickle_key)
        return OlmAccount(keys, bool(row[1]))

    def save_account(self, account: OlmAccount) -> None:
        """Write the account, which holds our one-time keys."""
        self.run(
            "INSERT INTO accounts (user_id, device_id, shared, account) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (user_id, device_id) DO UPDATE"
            " SET shared = excluded.shared, account = excluded.account",
            self.user_id,
            self.device_id,
            account.shared,
            account.keys.pickle(self.pickle_key).encode(),
        )

    def read_sessions(self, sender_key: str) -> list[vodozemac.Session]:
        """Return the Olm sessions with one device, the one that received last first (spec §Olm).

        What cannot be read is deleted: the device is then given a new session.
        """
        rows = self.run(
            "SELECT session_id, session FROM olmsessions WHERE account_id = ? AND sender_key = ?"
            " ORDER BY last_usage_date DESC",
            self._account_id,
            sender_key,
        ).fetchall()
        found = []
        for session_id, pickle in rows:
            try:
                read = vodozemac.Session.from_pickle(bytes(pickle).decode(), self.pickle_key)
            except ValueError:  # vodozemac's PickleException, or no text at all
                self.run("DELETE FROM olmsessions WHERE session_id = ?", session_id)
                _log.warning("an Olm session could not be read, and was deleted")
            else:
                found.append(read)
        return found

    def save_session(
        self, sender_key: str, session: vodozemac.Session, *, received: bool = False
    ) -> None:
        """Write an Olm session with the device of an identity key.

        `received`: something came by it, so that it is the one to answer with. Sending must not
        make it that.
        """
        now = datetime.now(UTC).strftime(_TIME_FORMAT)
        self.run(
            "INSERT INTO olmsessions (account_id, sender_key, session, session_id, creation_time,"
            " last_usage_date) VALUES (?1, ?2, ?3, ?4, ?5, ?5) ON CONFLICT (session_id) DO UPDATE"
            " SET session = ?3, last_usage_date = CASE WHEN ?6 THEN ?5 ELSE last_usage_date END",
            self._account_id,
            sender_key,
            session.pickle(self.pickle_key).encode(),
            session.session_id,
            now,
            received,
        )

    def drop_sessions(self, sender_key: str, sessions: Iterable[vodozemac.Session]) -> None:
        self.many(
            "DELETE FROM olmsessions WHERE sender_key = ? AND session_id = ?",
            [(sender_key, one.session_id) for one in sessions],
        )

    # --- Megolm sessions ----------------------------------------------------------------------

    def purge(self, before: datetime, handled_before: datetime) -> int:
        """Delete sessions first seen before an instant, with their marks. Return how many (M2).

        Also deletes marks, and Olm sessions of nobody's devices, from before `handled_before`;
        those of strangers sooner.
        """
        strange = _now() - int(STRANGERS_KEPT_FOR.total_seconds())
        with self.atomic():
            gone = self.megolm.purge(int(before.timestamp()), strange)
            self.run("DELETE FROM minga_handled WHERE seen < ?", int(handled_before.timestamp()))
            self.run(
                "DELETE FROM olmsessions WHERE sender_key NOT IN"
                " (SELECT curve25519 FROM minga_device) AND (last_usage_date < ? OR sender_key IN"
                " (SELECT sender_key FROM minga_stranger WHERE seen < ?))",
                handled_before.strftime(_TIME_FORMAT),
                strange,
            )
            self.run("DELETE FROM minga_stranger WHERE seen < ?", strange)
            self.run("DELETE FROM minga_pin WHERE gone < ?", _now() - PINS_KEPT_FOR.total_seconds())
        return gone

    def forget_event(self, room: RoomId, event: EventId) -> bool:
        """Delete the keys by which this event and earlier ones of its session can be read here.
        Return whether any was there.

        The session goes on with the next message: a Megolm ratchet cannot be turned back.
        """
        with self.atomic():
            done = self.megolm.forget_event(room, event)
        self.run("PRAGMA wal_checkpoint(TRUNCATE)")
        return done

    def forget_before(self, room: RoomId, before: datetime, own: str) -> None:
        """Delete the keys for what was sent in the room before an instant, by us (`own`) or by
        others.

        Others' sessions go on after their last message that old. Our own sessions that began
        earlier are deleted.
        """
        with self.atomic():
            self.megolm.forget_before(room, before, own)
        self.run("PRAGMA wal_checkpoint(TRUNCATE)")

    # --- people -------------------------------------------------------------------------------

    def keyed_hash(self, *words: str) -> str:
        """Return a hash of the words, made with this installation's secret key."""
        return hmac.digest(self._veil, "\0".join(words).encode(), "sha256").hex()

    def _migrate_pins(self) -> None:
        """Add pins to files from before there were any."""
        if self.run("SELECT 1 FROM minga_pin LIMIT 1").fetchone() is None:
            known = self.run("SELECT user, master FROM minga_master").fetchall()
            self.many(
                "INSERT INTO minga_pin VALUES (?, ?, NULL)",
                [(self.keyed_hash(user), self.keyed_hash(user, master)) for user, master in known],
            )

    def drop_people(self, people: Collection[UserId]) -> set[str]:
        """Delete everything stored about these people but their pins. Return the device keys whose
        Olm sessions were deleted.

        A key that somebody else also lists stays: anybody may claim another's key as their own.
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
            strangers = json.dumps([self.keyed_hash("stranger", user) for user in people])
            self.run(
                "DELETE FROM minga_stranger WHERE who IN (SELECT value FROM json_each(?))",
                strangers,
            )
            self.run(
                "UPDATE minga_pin SET gone = ? WHERE who IN (SELECT value FROM json_each(?))",
                _now(),
                json.dumps([self.keyed_hash(user) for user in people]),
            )
        self.run("PRAGMA wal_checkpoint(TRUNCATE)")
        return theirs

    # --- to-device messages: handled ones (H8), and strangers ---------------------------------

    def is_handled(self, digest: bytes) -> bool:
        found = self.run("SELECT 1 FROM minga_handled WHERE hash = ?", digest).fetchone()
        return found is not None

    def mark_handled(self, digest: bytes, *, strange: bool = False) -> None:
        """Mark a to-device message as handled.

        Marks of strangers are kept only as long as a server may send the message again.
        """
        early = MARKS_KEPT_FOR - STRANGERS_KEPT_FOR if strange else timedelta(0)
        at = _now() - int(early.total_seconds())
        self.run("INSERT OR IGNORE INTO minga_handled VALUES (?, ?)", digest, at)

    def knows_device_of(self, user: str) -> bool:
        """Return whether a device of this person is stored, as of everybody who shares a room with
        the bot."""
        found = self.run("SELECT 1 FROM minga_device WHERE user = ? LIMIT 1", user).fetchone()
        return found is not None or user == self.user_id

    def known_people(self) -> list[UserId]:
        """Return the people whose devices are stored, and ourselves."""
        rows = self.run("SELECT DISTINCT user FROM minga_device").fetchall()
        return [*(UserId(row[0]) for row in rows), self.user_id]

    def note_stranger(self, user: UserId, sender_key: str) -> list[str]:
        """Note that there is an Olm session with a stranger's device; too many make the oldest be
        deleted.

        Return the device keys whose sessions were deleted for it.
        """
        who, home = (
            self.keyed_hash("stranger", user),
            self.keyed_hash("home", user.partition(":")[2]),
        )
        self.run(
            "INSERT OR REPLACE INTO minga_stranger VALUES (?, ?, ?, ?)",
            sender_key,
            who,
            home,
            _now(),
        )
        oldest = "SELECT sender_key FROM minga_stranger {} ORDER BY seen DESC LIMIT -1 OFFSET ?"
        mine = oldest.format("WHERE who = ? AND sender_key != ?")
        gone = self.run(mine, who, sender_key, MOST_STRANGER_DEVICES - 1).fetchall()
        (count,) = self.run("SELECT count(*) FROM minga_stranger").fetchone()
        if count > MOST_STRANGERS:
            gone += self.run(
                "SELECT sender_key FROM minga_stranger WHERE home = (SELECT home FROM"
                " minga_stranger GROUP BY home ORDER BY count(*) DESC LIMIT 1) AND sender_key != ?"
                " ORDER BY seen LIMIT 1",
                sender_key,
            ).fetchall()
        keys = json.dumps([row[0] for row in gone])
        inside = "sender_key IN (SELECT value FROM json_each(?))"
        self.run(f"DELETE FROM minga_stranger WHERE {inside}", keys)  # noqa: S608
        self.run(
            f"DELETE FROM olmsessions WHERE {inside}"  # noqa: S608
            " AND sender_key NOT IN (SELECT curve25519 FROM minga_device)",
            keys,
        )
        return [row[0] for row in gone]


def _now() -> int:
    return int(time.time())
