"""Rate limits per person, room and server. Who is above a limit is told once.

Anybody can open accounts, so a flood by many limits only the strangers of their server, never
people who share a room with the bot; and no flood by others delays a vote.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.types import RoomId, UserId

log = structlog.get_logger(__name__)

MOST_INVITATIONS = 3
"""Invitations of one person per minute, and in one burst; network moderators have no limit."""
MOST_BUCKETS = 20_000
"""How many buckets are kept. The least recently used ones are full again when dropped."""
NOTICE_INTERVAL = timedelta(minutes=10)
"""How long nobody is told the same thing again."""
LOG_INTERVAL = timedelta(minutes=1)
"""How often refusals are logged, so that a flood of messages does not flood the log."""


@dataclass(slots=True)
class Bucket:
    """A token bucket. It uses the times of the messages, so a catch-up is no flood."""

    per_minute: float
    burst: float
    level: float
    at: datetime

    def has_token(self, now: datetime) -> bool:
        """Return whether the bucket holds a token at `now` (UTC)."""
        passed = max((now - self.at).total_seconds(), 0.0)
        self.level = min(self.burst, self.level + passed * self.per_minute / 60)
        self.at = max(now, self.at)
        return self.level >= 1


@dataclass(slots=True)
class Buckets:
    """Token buckets by key, each of which holds as many tokens as it gets per minute."""

    _buckets: OrderedDict[str, Bucket] = field(default_factory=OrderedDict)

    def take(self, rates: Mapping[str, int], at: datetime) -> bool:
        """Take a token from each bucket of `rates` (key to tokens per minute), or from none.

        Return whether it did. A bucket whose rate changed begins full.
        """
        buckets = [self._bucket(key, rate, at) for key, rate in rates.items()]
        if not all(bucket.has_token(at) for bucket in buckets):
            return False
        for bucket in buckets:
            bucket.level -= 1
        return True

    def _bucket(self, key: str, rate: int, at: datetime) -> Bucket:
        bucket = self._buckets.get(key)
        if bucket is None or bucket.burst != rate:
            bucket = self._buckets[key] = Bucket(rate, rate, rate, at)
            if len(self._buckets) > MOST_BUCKETS:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(key)
        return bucket


@dataclass(slots=True)
class RecentNotices:
    """Who or what was noted within the last ten minutes (`NOTICE_INTERVAL`)."""

    _noted: OrderedDict[str, datetime] = field(default_factory=OrderedDict)

    def contains(self, key: str, at: datetime) -> bool:
        """Return whether `key` was noted within the interval before `at`."""
        last = self._noted.get(key)
        return last is not None and at - last < NOTICE_INTERVAL

    def add(self, key: str, at: datetime) -> bool:
        """Note `key`. Return False, and keep the older time, if it is noted already."""
        if self.contains(key, at):
            return False
        self.renew(key, at)
        return True

    def renew(self, key: str, at: datetime) -> None:
        """Note `key` with the time `at`, also if it is noted already."""
        self._noted[key] = at
        self._noted.move_to_end(key)
        if len(self._noted) > MOST_BUCKETS:
            self._noted.popitem(last=False)

    def remove(self, key: str) -> None:
        """Forget that `key` was noted."""
        self._noted.pop(key, None)


@dataclass(slots=True)
class Limits:
    """`per_person` commands per minute, with as many in a burst; 0 lifts every limit.

    A room may have twenty times as many, and the strangers of one server together ten times.
    """

    per_person: int
    _buckets: Buckets = field(default_factory=Buckets)
    _told: RecentNotices = field(default_factory=RecentNotices)
    _refused: Counter[str] = field(default_factory=Counter)
    _logged: datetime | None = None

    def allows(self, who: UserId, room: RoomId, at: datetime, *, stranger: bool = True) -> bool:
        """Return whether this command may run now, and count it against the limits of its person,
        room and server if so.

        A `stranger` shares no room with the bot; only strangers count against their server's limit.
        """
        shares = [(who, 1), (room, 20)]
        if stranger:
            shares.append((who.partition(":")[2], 10))
        return self._take({key: self.per_person * times for key, times in shares}, at)

    def allows_vote(self, who: UserId, at: datetime) -> bool:
        """Return whether this vote may count. The limit is only per person, so that a whole room
        can vote at once."""
        return self._take({f"vote:{who}": self.per_person}, at)

    def allows_urgent(self, who: UserId, at: datetime) -> bool:
        """Return whether this call for help may run: only the person's other calls for help count
        against it."""
        return self._take({f"urgent:{who}": self.per_person}, at)

    def allows_parking(self, who: UserId, at: datetime) -> bool:
        """Return whether another event of this person may be parked, though it may only be
        conversation."""
        return self._take({f"wait:{who}": self.per_person}, at)

    def allows_edit(self, who: UserId, at: datetime) -> bool:
        """Return whether this person's edit may be shown to capabilities."""
        return self._take({f"edit:{who}": self.per_person}, at)

    def allows_verification(self, who: UserId, at: datetime) -> bool:
        """Return whether this person may begin a verification: each asks their server for keys."""
        return self._take({f"verification:{who}": self.per_person}, at)

    def allows_signal(self, who: UserId, at: datetime) -> bool:
        """Return whether this reaction, or message of another network's bot, may be handled: ten
        times as many as typed lines may. Redactions are always handled, because they may withdraw a
        vote."""
        return self._take({f"signal:{who}": 10 * self.per_person}, at)

    def allows_invitation(self, who: UserId, at: datetime) -> bool:
        """Return whether the bot may join where this person invites it, by how often they invited
        it."""
        return self._take({f"invite:{who}": MOST_INVITATIONS}, at)

    def count_refusal(self, kind: str, at: datetime) -> None:
        """Count a refusal of this kind. The counts are logged at most once a minute."""
        self._refused[kind] += 1
        if self._logged is None or at - self._logged >= LOG_INTERVAL:
            log.info("limits.refused", **self._refused)
            self._refused.clear()
            self._logged = at

    def may_tell(self, who: str, at: datetime) -> bool:
        """Return whether `who` was told nothing within the last ten minutes, and note that they are
        told now."""
        return self._told.add(who, at)

    def _take(self, rates: Mapping[str, int], at: datetime) -> bool:
        return self.per_person == 0 or self._buckets.take(rates, at)
