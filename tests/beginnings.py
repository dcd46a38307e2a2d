"""When the conversations of tests begin: another time of another day on each run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

BOGOTA = ZoneInfo("America/Bogota")
"""Where most conversations are; it has no clock changes."""
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_WEEK = date(2026, 11, 23)
"""A Monday; the seven days from here are tried at four times each."""


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment at which lines are tried, in a room of that zone."""

    at: datetime
    zone: str = "America/Bogota"

    def __str__(self) -> str:
        wall = self.at.astimezone(ZoneInfo(self.zone))
        return f"{wall:%a}-{wall.isoformat(timespec='minutes')}"


def _bogota(text: str) -> Instant:
    return Instant(datetime.fromisoformat(text).replace(tzinfo=BOGOTA).astimezone(UTC))


def _around(zone: str, *changes: str) -> list[Instant]:
    """A minute before a change of the clocks (given in UTC), and the day before it."""
    found = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in changes]
    early = (timedelta(minutes=1), timedelta(hours=25))
    return [Instant(at - before, zone) for at in found for before in early]


WEEKDAYS = [
    _bogota(f"{_WEEK + timedelta(days=n)}T{hour}")
    for n in range(7)
    for hour in ("00:30", "10:00", "19:12", "23:58")
]
ENDS = [
    _bogota(text)
    for text in (
        *("2026-11-30T23:59", "2026-12-01T00:00", "2026-12-29T18:00", "2026-12-30T10:00"),
        *("2026-12-31T10:00", "2026-12-31T23:50", "2027-01-01T00:01", "2027-01-31T12:00"),
        *("2027-02-28T23:30", "2028-02-28T23:59", "2028-02-29T00:00", "2028-02-29T12:00"),
        *("2028-02-29T23:59", "2028-03-01T00:01", "2027-03-31T08:00", "2027-04-30T21:00"),
        *("2027-08-31T19:00", "2027-12-30T18:01", "2027-12-31T23:50", "2028-12-31T19:30"),
    )
]
CLOCK_CHANGES = [
    *_around("America/New_York", "2027-03-14T07:00", "2027-11-07T06:00"),
    *_around("Europe/Madrid", "2027-03-28T01:00", "2027-10-31T01:00"),
    *_around("America/Santiago", "2027-04-04T03:00", "2027-09-05T04:00"),
]
INSTANTS = [*WEEKDAYS, *ENDS, *CLOCK_CHANGES]


def any_instant(chance: Random) -> datetime:
    """One of them, or any minute of two years."""
    if chance.random() < 0.5:
        return chance.choice(INSTANTS).at
    first = datetime(2026, 11, 25, 15, tzinfo=UTC)
    return first + timedelta(minutes=chance.randrange(2 * 366 * 1440))


def read_start(text: str) -> datetime:
    """What was typed after `START=`. Raises ValueError; without an offset it is Bogotá's clock."""
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=BOGOTA)).astimezone(UTC)


def write_start(at: datetime) -> str:
    return at.astimezone(BOGOTA).isoformat(timespec="minutes")


def pinned(start: datetime, pin: str) -> datetime:
    """The run's beginning, but for what a test depends on: `10:00`, `wednesday 10:00` or a date.

    A time alone keeps the day, a weekday the week; both are on Bogotá's clock.
    """
    *weekday, hour = pin.split(" ")
    if "T" in hour:
        return read_start(hour)
    day = start.astimezone(BOGOTA).date()
    if weekday:
        day += timedelta(days=_DAYS.index(weekday[0]) - day.weekday())
    return datetime.combine(day, time.fromisoformat(hour), BOGOTA).astimezone(UTC)
