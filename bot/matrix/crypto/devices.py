"""Who has which devices, and which of them their owner signed. Stored on disk.

Codes such as C8 and H12 are described in tests/matrix/test_points.py.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from bot.matrix.crypto.key_store import KeyStore
from bot.matrix.crypto.quarantine import Quarantine
from bot.matrix.crypto.trust import Device, KeyVerdict
from bot.types import Devices, Trust, UserId


class RetrySchedule:
    """When to retry what failed: retries take at most a twentieth of the time, ever less (H12).

    What failed fast is retried soon, also on a busy machine; a dead server, which takes its whole
    timeout, after minutes. Times are seconds of a monotonic clock.
    """

    LONGEST = 3600.0
    FAST, FIRST = 5.0, 1.0
    """What takes less than `FAST` seconds is no timeout: its first wait is at most `FIRST`."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._due: dict[object, tuple[float, int]] = {}

    def is_due(self, key: object) -> bool:
        return key not in self._due or self._due[key][0] <= self._clock()

    def note_failure(self, key: object, took: float) -> None:
        times = self._due[key][1] if key in self._due else 0
        first = 20 * took if took >= self.FAST else min(20 * took, self.FIRST)
        wait = min(first * 2 ** min(times, 12), self.LONGEST)
        self._due[key] = (self._clock() + wait, times + 1)

    def note_success(self, key: object) -> None:
        self._due.pop(key, None)

    def next_due(self, keys: Iterable[object]) -> float | None:
        """Return when the first of these failed devices is to be tried again, or None if none
        failed."""
        return min((self._due[k][0] for k in keys if k in self._due), default=None)


class DeviceRegistry:
    """Devices by person. `version` grows with every change that a sender must notice.

    `fresh`: people whose list is current as far as the server has told us; `due`: people to query
    next. Devices of people in the `quarantine` count as unsigned.
    """

    def __init__(self, store: KeyStore) -> None:
        self._store = store
        self._people = self._load()
        fresh = store.run("SELECT user FROM minga_person WHERE fresh")
        same = {user: user for user in self._people}  # so that each name is in memory once
        self.fresh = {same.get(row[0], UserId(row[0])) for row in fresh}
        self.due: set[UserId] = set()
        self.quarantine = Quarantine(store)
        self.version = 0
        self._told: dict[UserId, int] = {}

    def devices_of(self, user: UserId) -> Iterable[Device]:
        known = self._people.get(user, {}).values()
        if user not in self.quarantine:
            return known
        return [replace(device, signed=False) for device in known]

    def list_devices(self, user: UserId) -> Devices:
        """Return the person's devices with their keys, signed or not."""
        every = {device.id: device for device in self.devices_of(user)}
        signed = tuple(sorted(name for name, device in every.items() if device.signed))
        others = tuple(sorted(every.keys() - set(signed)))
        keys = {name: device.ed25519 for name, device in every.items()}
        return Devices(signed, others, self.master_key(user), keys)

    def trust_of(self, device: Device) -> Trust:
        """Return how far an event from this device is trusted."""
        if device.user_id in self.quarantine:
            return Trust.REPLACED
        return Trust.SIGNED if device.signed else Trust.UNSIGNED

    def device_with_keys(self, user: UserId, curve25519: str, ed25519: str) -> Device | None:
        """Return the person's device with both of these keys (C8), or None.

        One key alone proves nothing.
        """
        for device in self.devices_of(user):
            if (device.curve25519, device.ed25519) == (curve25519, ed25519):
                return device
        return None

    def note_changed(self, users: Iterable[UserId]) -> None:
        """Note that these people's devices changed. They are queried before anything is sent to
        them."""
        users = list(users)
        self._outdate(users)
        self.due.update(users)

    def note_left(self, users: Iterable[UserId]) -> None:
        """Note that the server no longer reports changes of these people's devices.

        They are queried when needed again.
        """
        users = list(users)
        self._outdate(users)
        self.due.difference_update(users)

    def _outdate(self, users: list[UserId]) -> None:
        if not users:
            return
        self._store.many("UPDATE minga_person SET fresh = 0 WHERE user = ?", [(u,) for u in users])
        self.fresh.difference_update(users)
        self.version += 1
        for user in users:
            self._told[user] = self._told.get(user, 0) + 1

    def known_people(self) -> set[UserId]:
        """Return everybody of whom devices or keys are stored under their name."""
        rows = self._store.run("SELECT user FROM minga_person UNION SELECT user FROM minga_master")
        return {UserId(row[0]) for row in rows.fetchall()}

    def drop_people(self, users: Collection[UserId]) -> set[str]:
        """Delete these people's devices and keys. Return the identity keys of devices that nobody
        lists any more.

        A keyed hash of each one's master key stays, so that another one is noticed if they return.
        """
        self.note_left(users)
        unused = self._store.drop_people(users)
        for user in users:
            self._people.pop(user, None)
        self.quarantine.drop_people(users)
        return unused

    def change_count(self, user: UserId) -> int:
        """Return a number that grows with each change of a person's devices: an answer requested
        before it is outdated."""
        return self._told.get(user, 0)

    def learn(self, user: UserId, verdict: KeyVerdict, told: int) -> None:
        """Store the devices and keys that the server shows now. A device that comes back counts
        again (H6)."""
        fresh = told == self.change_count(user)
        found = {d.id: d for d in verdict.devices}
        before = self._people.get(user, {})
        with self._store.atomic():  # a crash must not store devices without the quarantine
            turned = self.quarantine.compare(user, verdict, before.values())
            if found != before or (user in self.fresh) != fresh:
                confirmed = user not in self.quarantine and has_new_confirmation(before, found)
                self._save(user, found.values(), fresh=fresh, confirmed=confirmed)
            if verdict.master:
                self._store_master(user, verdict.master)
        if found != before or turned:
            self._people[user] = found
            self.version += 1
        if fresh:
            self.fresh.add(user)
            self.due.discard(user)

    # --- on disk ----------------------------------------------------------------------------------

    def _load(self) -> dict[UserId, dict[str, Device]]:
        found: dict[UserId, dict[str, Device]] = {}
        rows = self._store.run("SELECT user, device, ed25519, curve25519, signed FROM minga_device")
        for user, device, ed25519, curve25519, signed in rows:
            known = Device(UserId(user), device, ed25519, curve25519, bool(signed))
            found.setdefault(known.user_id, {})[device] = known
        return found

    def _save(
        self, user: UserId, devices: Iterable[Device], *, fresh: bool, confirmed: bool
    ) -> None:
        with self._store.atomic():
            if confirmed:
                now = datetime.now(UTC).timestamp()
                self._store.run("INSERT OR REPLACE INTO minga_confirmed VALUES (?, ?)", user, now)
            self._store.run("DELETE FROM minga_device WHERE user = ?", user)
            self._store.many(
                "INSERT INTO minga_device VALUES (?, ?, ?, ?, ?)",
                [(d.user_id, d.id, d.ed25519, d.curve25519, d.signed) for d in devices],
            )
            self._store.run("INSERT OR REPLACE INTO minga_person VALUES (?, ?)", user, fresh)

    def accept_identity(self, user: UserId, key: str) -> None:
        """Accept the person's new identity that waits under this key (`Quarantine.waiting_key`)."""
        if self.quarantine.accept(user, key):
            self.version += 1

    def confirmations(self) -> dict[UserId, datetime]:
        """Return the people who newly signed a device, each with when we saw it, until they have
        been told."""
        rows = self._store.run("SELECT user, seen FROM minga_confirmed").fetchall()
        return {UserId(row[0]): datetime.fromtimestamp(row[1], UTC) for row in rows}

    def mark_confirmation_told(self, user: UserId) -> None:
        self._store.run("DELETE FROM minga_confirmed WHERE user = ?", user)

    def master_key(self, user: UserId) -> str | None:
        """Return the person's master key that was seen last, or None."""
        newest = "SELECT master FROM minga_master WHERE user = ? ORDER BY seen DESC LIMIT 1"
        row = self._store.run(newest, user).fetchone()
        return row[0] if row else None

    def _store_master(self, user: UserId, master: str) -> None:
        """Store the key that is shown now. Whether it counts, the quarantine decides."""
        if master != self.master_key(user):
            now = int(datetime.now(UTC).timestamp())
            self._store.run("DELETE FROM minga_master WHERE user = ?", user)
            self._store.run("INSERT INTO minga_master VALUES (?, ?, ?)", user, master, now)


def has_new_confirmation(before: Mapping[str, Device], now: Mapping[str, Device]) -> bool:
    """Return whether a person has a newly signed device: one that was known unsigned before, or one
    whose owner had devices, but no signed one."""
    fresh = {d.id for d in now.values() if d.signed} - {d.id for d in before.values() if d.signed}
    had_none = bool(before) and not any(d.signed for d in before.values())
    return bool(fresh & before.keys()) or (had_none and bool(fresh))
