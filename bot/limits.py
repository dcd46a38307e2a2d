"""Rates per person, server and room: one flooder slows nobody else down, and is told once.

Anybody can open accounts, so a flood of many holds up strangers of their server at most, never
those who share a room with the bot; and no flood of others holds up a vote.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.types import RoomId, UserId

log = structlog.get_logger(__name__)

REMEMBERED = 20_000
"""How many buckets are kept; the least recently used go first, full as they then are."""
TOLD = timedelta(minutes=10)
COUNTED = timedelta(minutes=1)
"""How often the log says how much was refused: a flood of messages is no flood of lines."""


@dataclass(slots=True)
class Bucket:
    """A token bucket that counts by the times of the messages, so that a catch-up is no flood."""

    per_minute: float
    burst: float
    level: float
    at: datetime

    def has(self, now: datetime) -> bool:
        """Is there enough for one more?"""
        passed = max((now - self.at).total_seconds(), 0.0)
        self.level = min(self.burst, self.level + passed * self.per_minute / 60)
        self.at = max(now, self.at)
        return self.level >= 1


@dataclass(slots=True)
class Limits:
    """`per_person` commands a minute and as many at once; a room twenty times as many, and the
    strangers of one server together ten times.

    0 lifts every limit.
    """

    per_person: int
    _buckets: OrderedDict[str, Bucket] = field(default_factory=OrderedDict)
    _told: OrderedDict[str, datetime] = field(default_factory=OrderedDict)
    _refused: Counter[str] = field(default_factory=Counter)
    _logged: datetime | None = None

    def allows(self, who: UserId, room: RoomId, at: datetime, *, stranger: bool = True) -> bool:
        """May this command be run? Only what is allowed counts against person, server and room.

        A `stranger` shares no room with us; only they have a share of their server's.
        """
        shares = [(who, 1), (room, 20)]
        if stranger:
            shares.append((who.partition(":")[2], 10))
        return self._take({key: self.per_person * times for key, times in shares}, at)

    def allows_vote(self, who: UserId, at: datetime) -> bool:
        """May this vote be counted? By person only: a whole room may vote in one minute."""
        return self._take({f"vote:{who}": self.per_person}, at)

    def allows_urgent(self, who: UserId, at: datetime) -> bool:
        """May this call for help be heard? Nothing but other such calls of theirs counts."""
        return self._take({f"urgent:{who}": self.per_person}, at)

    def allows_waiting(self, who: UserId, at: datetime) -> bool:
        """May something of this person, which may be talk, wait until we know what it is?"""
        return self._take({f"wait:{who}": self.per_person}, at)

    def allows_edit(self, who: UserId, at: datetime) -> bool:
        """May this edit be looked at? Only capabilities that keep words want to know of it."""
        return self._take({f"edit:{who}": self.per_person}, at)

    def allows_signal(self, who: UserId, at: datetime) -> bool:
        """May this reaction, or this word of another bot, be looked at? Taps are quicker than talk.

        What somebody takes back is always looked at: it may be a vote.
        """
        return self._take({f"signal:{who}": 10 * self.per_person}, at)

    def count(self, kind: str, at: datetime) -> None:
        """One more was refused: a line with the counts, at most once a minute."""
        self._refused[kind] += 1
        if self._logged is None or at - self._logged >= COUNTED:
            log.info("limits.refused", **self._refused)
            self._refused.clear()
            self._logged = at

    def first_telling(self, who: str, at: datetime) -> bool:
        """Is this the first time in ten minutes that `who` has to be told?"""
        last = self._told.get(who)
        if last is not None and at - last < TOLD:
            return False
        self._told[who] = at
        self._told.move_to_end(who)
        while len(self._told) > REMEMBERED:
            self._told.popitem(last=False)
        return True

    def _take(self, rates: Mapping[str, int], at: datetime) -> bool:
        """One from each bucket, or from none."""
        if self.per_person == 0:
            return True
        buckets = [self._bucket(key, rate, at) for key, rate in rates.items()]
        if not all(bucket.has(at) for bucket in buckets):
            return False
        for bucket in buckets:
            bucket.level -= 1
        return True

    def _bucket(self, key: str, rate: int, at: datetime) -> Bucket:
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = Bucket(rate, rate, rate, at)
            if len(self._buckets) > REMEMBERED:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(key)
        return bucket
