"""The readings of a date phrase, and the pieces it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

FARTHEST = timedelta(days=3653)
"""Dates farther away than ten years are not read."""


@dataclass(frozen=True, slots=True)
class ZonedTime:
    """An instant. `at` is UTC; `wall` is the naive local time in `zone` (IANA name).

    Without `has_time` only a day is given and `wall` is its 00:00; the caller decides the time (a
    deadline means the end of that day, a reminder asks).
    """

    at: datetime
    wall: datetime
    zone: str
    has_time: bool


@dataclass(frozen=True, slots=True)
class AmbiguousDate:
    """An ambiguous date, likeliest reading first. A single option asks "did you mean …?"."""

    options: tuple[ZonedTime, ...]


@dataclass(frozen=True, slots=True)
class PastDate:
    """A date that is over."""

    when: ZonedTime


@dataclass(frozen=True, slots=True)
class UnreadableDate:
    """No date, not only a date, or a date that does not exist."""


Reading = ZonedTime | AmbiguousDate | PastDate | UnreadableDate


# --- pieces ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of day as written. `minutes` after `hour` may be negative ("menos cuarto").

    `mark` says how unambiguous it is: `open` (5 may be 17), `full` (24 hours), `am`, `pm`, `noon`,
    `midnight`, `zero` (a leading zero, so full unless more is given), `h`, `usual`.
    """

    hour: int
    minutes: int
    mark: str
    weak: bool = False


@dataclass(frozen=True, slots=True)
class DayPart:
    """A part of the day: `morning`, `afternoon`, `evening`, `night`, `small` (madrugada), `day`."""

    name: str
    weak: bool = True


@dataclass(frozen=True, slots=True)
class Weekday:
    """A weekday, 0 for Monday. `turn` is empty, `this`, `last` or `next` (which is ambiguous)."""

    day: int
    turn: str = ""
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Week:
    """This week (0) or the next (1), for a weekday."""

    ahead: int
    weak: bool = True


@dataclass(frozen=True, slots=True)
class RelativeDay:
    """A number of days from today: 1 is tomorrow, −1 yesterday."""

    days: int
    weak: bool = False


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A calendar day as written. `month` 0: not given; `month_ahead`: 0 this month, 1 the next.

    `bare`: only a number after a weekday. `iso`: in ISO format, so its time has 24 hours.
    """

    day: int
    month: int = 0
    year: int = 0
    month_ahead: int = -1
    bare: bool = False
    iso: bool = False
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Offset:
    """A time from now. `days` and `months` give a day, `span` an exact instant.

    `loose`: other numbers of days that the words can mean ("en ocho días" is a week).
    """

    span: timedelta | None = None
    days: int = 0
    months: int = 0
    loose: tuple[int, ...] = ()
    weak: bool = False


@dataclass(frozen=True, slots=True)
class ZonePiece:
    """A time zone named in the phrase, as the bot writes it: `(Bogotá)`."""

    zone: str
    weak: bool = True


Piece = ClockTime | DayPart | Weekday | Week | RelativeDay | CalendarDay | Offset | ZonePiece


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """The instant and the zone in which a phrase is read. `at` is UTC, `wall` naive local time."""

    at: datetime
    wall: datetime
    zone: str

    @property
    def today(self) -> date:
        """The date of today in the reader's zone."""
        return self.wall.date()
