"""An event and its dates. Pure: wall times are naive and in the event's zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice, takewhile

from dateutil.rrule import rrule, rruleset, rrulestr

from bot.api import Number, RoomId, UserId, dates

MOST_COMPARED = 20
"""How many dates of a series are compared with other events."""
LONGEST_EVENT = timedelta(days=31)
MOST_DATES = 400
"""How many dates of a series are computed at most."""
HORIZON = timedelta(days=731)
FAR_HORIZON = timedelta(days=3653)
"""How far ahead the dates of a series are computed; the second holds for yearly ones."""
USUAL_LENGTH = timedelta(hours=1)
"""The length of an event for which none was given."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event or a series. `start` is the first date, a wall time in `zone`.

    `changed` maps the key of a date to the wall time it was moved to, or to None if it was
    cancelled. An all-day event starts at midnight. `guests` is how many people one person may
    bring. `remind` is None where the room's setting holds. `others` are the rooms of its item
    besides its own.
    """

    item: Number
    room: RoomId
    author: UserId
    title: str
    start: datetime
    zone: str
    length: timedelta | None = None
    all_day: bool = False
    rule: str | None = None
    place: str = ""
    link: str = ""
    about: str = ""
    seats: int | None = None
    guests: int = 0
    remind: tuple[timedelta, ...] | None = None
    uid: str = ""
    sequence: int = 0
    cancelled: bool = False
    changed: Mapping[datetime, datetime | None] = field(default_factory=dict)
    others: tuple[RoomId, ...] = ()

    @property
    def rooms(self) -> tuple[RoomId, ...]:
        """All rooms in which the event stands, its own first."""
        return (self.room, *self.others)


@dataclass(frozen=True, slots=True)
class Date:
    """One date of an event.

    `key` is its wall time by the rule and identifies it for ever; `start` is its wall time now and
    `at` the same instant in UTC.
    """

    key: datetime
    start: datetime
    at: datetime


def make_date(event: Event, key: datetime, start: datetime | None = None) -> Date:
    """Return the event's date with this key, at the wall time `start` if it was moved there.

    A time that the clocks skip becomes the next minute that exists; an ambiguous one is the first.
    """
    at = dates.to_utc(start or key, event.zone)
    return Date(key, dates.to_wall(at, event.zone), at)


def dates_after(event: Event, after: datetime, most: int = MOST_DATES) -> list[Date]:
    """Return up to `most` dates of the event that begin after the instant `after`, the soonest
    first."""
    moved = (
        make_date(event, key, start) for key, start in event.changed.items() if start is not None
    )
    found = [when for when in moved if when.at > after]
    found += islice(_dates_by_rule(event, after), max(0, min(most, MOST_DATES)))
    return sorted(found, key=lambda when: (when.at, when.key))[:most]


def _dates_by_rule(event: Event, after: datetime) -> Iterator[Date]:
    for key in islice(
        _keys_by_rule(event, dates.to_wall(after, event.zone) - timedelta(hours=26)), MOST_DATES
    ):
        if key not in event.changed and (when := make_date(event, key)).at > after:
            yield when


def _keys_by_rule(event: Event, since: datetime) -> Iterator[datetime]:
    """Yield the wall times by the rule from `since` on, up to the horizon."""
    if event.rule is None:
        return iter((event.start,) if event.start >= since else ())
    since = max(since, event.start)
    horizon = since + (FAR_HORIZON if "YEARLY" in event.rule else HORIZON)
    series = _parse_rule(event.rule, event.start).xafter(since, inc=True)
    return takewhile(lambda wall: wall <= horizon, series)


@lru_cache(maxsize=512)
def _parse_rule(rule: str, start: datetime) -> rrule | rruleset:
    return rrulestr(rule, dtstart=start)


def date_with_key(event: Event, key: datetime) -> Date | None:
    """Return the event's date with this key, or None if there is none or it was cancelled."""
    if key in event.changed:
        start = event.changed[key]
        return make_date(event, key, start) if start is not None else None
    return make_date(event, key) if next(_keys_by_rule(event, key), None) == key else None


def date_on(event: Event, day: date) -> Date | None:
    """Return the event's date that is on this day now, else the one that was moved away from it."""
    moved = [make_date(event, k, s) for k, s in event.changed.items() if s is not None]
    for when in moved:
        if when.start.date() == day:
            return when
    for key in islice(_keys_by_rule(event, datetime.combine(day, time())), 1):
        if key.date() == day and key not in event.changed:
            return make_date(event, key)
    return next((when for when in moved if when.key.date() == day), None)


def end_of_date(event: Event, when: Date) -> datetime:
    """Return the instant (UTC) at which this date of the event ends."""
    if event.all_day:
        days = max(event.length or timedelta(days=1), timedelta(days=1))
        return dates.to_utc(when.start.replace(hour=0, minute=0) + days, event.zone)
    return when.at + (event.length or USUAL_LENGTH)


def next_date(event: Event, now: datetime) -> Date | None:
    """Return the event's first date that is not over, or None if there is none or it is
    cancelled."""
    if event.cancelled:
        return None
    since = now - max(event.length or timedelta(0), timedelta(days=1))
    for most in (8, MOST_DATES):  # nearly always one of the first
        for when in dates_after(event, since, most):
            if end_of_date(event, when) > now:
                return when
    return None


def first_overlap(
    event: Event, own: Sequence[Date], other: Event, first: datetime, last: datetime
) -> Date | None:
    """Return the first date of `other` that overlaps one of the dates `own`, or None.

    `first` and `last` are the instants (UTC) between which dates of `other` are looked for.
    """
    longest = min(other.length or timedelta(hours=1), LONGEST_EVENT)
    for when in dates_after(other, first - longest, MOST_COMPARED * 5):
        if when.at >= last:
            return None
        if any(
            mine.at < end_of_date(other, when) and when.at < end_of_date(event, mine)
            for mine in own
        ):
            return when
    return None
