"""People whose master key has changed, until somebody confirms that the new one is theirs.

(docs/decisions/0024.) Their devices count as unsigned meanwhile. Pins are keyed hashes of the
master keys that count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime

from bot.matrix.crypto.key_store import KeyStore
from bot.matrix.crypto.trust import Device, KeyVerdict
from bot.types import UserId

Pin = tuple[str, str, int | None]
"""Keyed hashes of person and master key, and since when the person is gone (Unix time)."""
TABLE = """
CREATE TABLE minga_quarantine (user TEXT PRIMARY KEY, pin TEXT NOT NULL) WITHOUT ROWID
"""
MOST_FORMER_DEVICES = 50
"""Limit of remembered devices per person that the earlier identity had signed."""
REPORT_INTERVAL = 3600.0
"""Seconds between two reports that an old identity is in use."""


class Quarantine:
    """Which master key counts for each person, and which one waits. Stored on disk."""

    def __init__(self, store: KeyStore) -> None:
        self._store = store
        if store.is_older:
            with store.atomic():  # the table says that it is done: not the one without the other
                store.run(TABLE)
                self._migrate()
        rows = store.run("SELECT user, pin FROM minga_quarantine").fetchall()
        self._held: dict[UserId, str] = {UserId(user): pin for user, pin in rows}
        self._spoke: dict[UserId, float] = {}
        self.returned: set[UserId] = set()
        """People who were gone and are back."""
        self.unsaved = True
        """Whether the pins have changed since they were last copied to the main database."""

    def __contains__(self, user: object) -> bool:
        return user in self._held

    def waiting_key(self, user: UserId) -> str:
        """Return the keyed hash of the master key that waits for confirmation, or ''."""
        return self._held.get(user, "")

    def compare(self, user: UserId, verdict: KeyVerdict, before: Iterable[Device]) -> bool:
        """Compare the master key that the server shows for a person with the one that counts.

        The first one seen counts; another one waits, until the one that counts is back. `before`:
        the devices known before. Return whether the waiting began or ended.
        """
        if verdict.master is None:
            return False
        was = self._held.get(user)
        pin, known = self._store.keyed_hash(user, verdict.master), self._pins_of(user)
        if not known:
            self._pin(user, pin)
        elif pin in known:
            self._handle_return(user)
        elif user == self._store.user_id:  # only reported: `identity.py` judges our own
            self._pin(user, pin)
            self._note_replacement(user)
        elif pin != was:
            self._begin_waiting(user, pin, before)
        if user in self._held:
            self._note_vouchers(user, verdict.vouchers)
        else:
            self._remember_devices(user, verdict.devices)
        return self._held.get(user) != was

    def is_old_device(self, user: UserId, curve25519: str, ed25519: str) -> bool:
        """Return whether the earlier identity signed this device, which did not sign the new one
        itself.

        Notes that the old identity is in use: somebody else may have made the new one.
        """
        if user not in self._held:
            return False
        row = self._store.run(
            "SELECT vouches FROM minga_former WHERE user = ? AND curve25519 = ? AND ed25519 = ?",
            user,
            curve25519,
            ed25519,
        ).fetchone()
        if row is None or row[0]:
            return row is not None
        now = datetime.now(UTC).timestamp()
        if now - self._spoke.get(user, 0.0) >= REPORT_INTERVAL:
            self._spoke[user] = now
            self._store.run("INSERT OR REPLACE INTO minga_old VALUES (?, ?, 0)", user, now)
        return True

    def accept(self, user: UserId, key: str) -> bool:
        """Make this new master key the one that counts. Return False if it is not the one that
        waits."""
        if not key or self._held.get(user) != key:
            return False
        with self._store.atomic():
            self._store.run("DELETE FROM minga_pin WHERE who = ?", self._store.keyed_hash(user))
            self._pin(user, key)
            for table in ("minga_former", "minga_old", "minga_replaced"):
                self._store.run(f"DELETE FROM {table} WHERE user = ?", user)  # noqa: S608
            self._end_waiting(user)
        return True

    def drop_people(self, users: Collection[UserId]) -> None:
        """Delete which new master keys of these people, who left, wait to be confirmed.

        A keyed hash of the one that counts stays, so that another one is noticed if they return.
        """
        for user in users:
            self._held.pop(user, None)
            self._spoke.pop(user, None)
        self.returned.difference_update(users)
        self.unsaved = True

    # --- told -------------------------------------------------------------------------------------

    def replacements(self) -> dict[UserId, datetime]:
        """Return the people whose master key was replaced, each with when we saw it (UTC).

        They are listed until `mark_replacement_told`.
        """
        rows = self._store.run("SELECT user, seen FROM minga_replaced").fetchall()
        return {UserId(row[0]): datetime.fromtimestamp(row[1], UTC) for row in rows}

    def mark_replacement_told(self, user: UserId, seen: datetime) -> None:
        """Record that the replacement seen at `seen` (UTC) was told, so it is no longer listed."""
        self._store.run(
            "DELETE FROM minga_replaced WHERE user = ? AND seen = ?", user, seen.timestamp()
        )

    def old_identities(self) -> dict[UserId, tuple[datetime, bool]]:
        """Return the people whose old identity was used again, as long as nobody was told.

        For each: when we saw it (UTC), and whether the old identity counts again. `mark_old_told`
        removes them.
        """
        rows = self._store.run("SELECT user, seen, back FROM minga_old").fetchall()
        return {UserId(r[0]): (datetime.fromtimestamp(r[1], UTC), bool(r[2])) for r in rows}

    def mark_old_told(self, user: UserId, seen: datetime) -> None:
        self._store.run("DELETE FROM minga_old WHERE user = ? AND seen = ?", user, seen.timestamp())

    # --- the copy in the main database ------------------------------------------------------------

    def all_pins(self) -> list[Pin]:
        """Return the pins (keys seen first) of all people, so that a restored bot still knows
        them."""
        rows = self._store.run("SELECT who, master, gone FROM minga_pin ORDER BY who, master")
        return [(row[0], row[1], row[2]) for row in rows.fetchall()]

    def add_pins(self, pins: Iterable[Pin]) -> None:
        """Store the pins of those people of whom there is none."""
        known = {who for who, _pin, _gone in self.all_pins()}
        fresh = [pin for pin in pins if pin[0] not in known]
        self._store.many("INSERT OR IGNORE INTO minga_pin VALUES (?, ?, ?)", fresh)

    def _migrate(self) -> None:
        """Migrate files from before the quarantine, which pinned every key: only the newest
        counts."""
        known = self._store.run("SELECT user, master FROM minga_master").fetchall()
        self._store.many(
            "DELETE FROM minga_pin WHERE who = ? AND master != ?",
            [
                (self._store.keyed_hash(user), self._store.keyed_hash(user, master))
                for user, master in known
            ],
        )
        self._store.run(
            "INSERT OR IGNORE INTO minga_former"
            " SELECT user, curve25519, ed25519, 0 FROM minga_device WHERE signed"
        )

    # --- on disk ----------------------------------------------------------------------------------

    def _pins_of(self, user: UserId) -> set[str]:
        who = self._store.keyed_hash(user)
        pins = self._store.run("SELECT master, gone FROM minga_pin WHERE who = ?", who)
        known = dict(pins.fetchall())
        if any(gone is not None for gone in known.values()):
            self._store.run("UPDATE minga_pin SET gone = NULL WHERE who = ?", who)
            self.returned.add(user)
            self.unsaved = True
        return set(known)

    def _pin(self, user: UserId, pin: str) -> None:
        who = self._store.keyed_hash(user)
        self._store.run("INSERT INTO minga_pin VALUES (?, ?, NULL)", who, pin)
        self.unsaved = True

    def _handle_return(self, user: UserId) -> None:
        if user not in self._held:
            return
        now = datetime.now(UTC).timestamp()
        self._store.run("INSERT OR REPLACE INTO minga_old VALUES (?, ?, 1)", user, now)
        self._store.run("DELETE FROM minga_replaced WHERE user = ?", user)
        self._end_waiting(user)

    def _end_waiting(self, user: UserId) -> None:
        """End the waiting. Signed devices count again, which is told like a confirmed device."""
        now = datetime.now(UTC).timestamp()
        self._store.run("DELETE FROM minga_quarantine WHERE user = ?", user)
        self._store.run("INSERT OR REPLACE INTO minga_confirmed VALUES (?, ?)", user, now)
        self._held.pop(user, None)

    def _begin_waiting(self, user: UserId, pin: str, before: Iterable[Device]) -> None:
        if user not in self._held:
            self._remember_devices(user, before)
        self._store.run("INSERT OR REPLACE INTO minga_quarantine VALUES (?, ?)", user, pin)
        self._store.run("DELETE FROM minga_old WHERE user = ?", user)
        self._held[user] = pin
        self._note_replacement(user)

    def _note_replacement(self, user: UserId) -> None:
        now = datetime.now(UTC).timestamp()
        self._store.run("INSERT OR REPLACE INTO minga_replaced VALUES (?, ?)", user, now)

    def _remember_devices(self, user: UserId, devices: Iterable[Device]) -> None:
        """Remember signed devices beyond the day when the server drops them from its list."""
        signed = [d for d in devices if d.signed][:MOST_FORMER_DEVICES]
        known = "SELECT curve25519, ed25519 FROM minga_former WHERE user = ?"
        have = set(self._store.run(known, user).fetchall())
        for device in signed:
            keys = (device.curve25519, device.ed25519)
            if keys not in have and len(have) < MOST_FORMER_DEVICES:
                have.add(keys)
                self._store.run("INSERT INTO minga_former VALUES (?, ?, ?, 0)", user, *keys)

    def _note_vouchers(self, user: UserId, vouchers: Iterable[str]) -> None:
        """Note old devices that signed the new master key themselves: their owner has made it.

        No server can make that signature. Events of such a device are not the old identity's.
        """
        self._store.run("UPDATE minga_former SET vouches = 0 WHERE user = ?", user)
        self._store.many(
            "UPDATE minga_former SET vouches = 1 WHERE user = ? AND ed25519 = ?",
            [(user, ed25519) for ed25519 in vouchers],
        )
