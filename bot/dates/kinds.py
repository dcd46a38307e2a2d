"""What a reading can be, and the pieces a phrase is made of. Plain frozen data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

FARTHEST = timedelta(days=3653)
"""Nothing is read as farther away than ten years."""


@dataclass(frozen=True, slots=True)
class When:
    """One instant. `at` is UTC; `wall` is the naive local time in `zone` (IANA name).

    Without `has_time` only the day was said: `wall` is its 00:00 and the caller decides the hour
    (a deadline means the end of that day, a reminder asks).
    """

    at: datetime
    wall: datetime
    zone: str
    has_time: bool


@dataclass(frozen=True, slots=True)
class Doubtful:
    """To be asked back: the likelier reading first. One option alone asks "did you mean …?"."""

    options: tuple[When, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """Understood, but it is over."""

    when: When


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Not a date, not all of it a date, or a date that no calendar has."""


Reading = When | Doubtful | Past | Unreadable


# --- pieces ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as written: `minutes` after `hour` (negative for "menos cuarto").

    `mark` is how much the writing says: `open` (5 could be 17), `full` (24 hours), `am`, `pm`,
    `noon`, `midnight`, `zero` (a leading zero: full, unless something else says more).
    """

    hour: int
    minutes: int
    mark: str
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the day: `morning`, `afternoon`, `evening`, `night`, `small` (madrugada), `day`."""

    name: str
    weak: bool = True


@dataclass(frozen=True, slots=True)
class Weekday:
    """`day` 0 is Monday. `turn`: `` plain, `this`, `last`, or `next` (used for two weeks)."""

    day: int
    turn: str = ""
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Week:
    """Of this week (0) or the next (1): says which one a weekday is in."""

    ahead: int
    weak: bool = True


@dataclass(frozen=True, slots=True)
class Near:
    """Days from today: 0 today, 1 tomorrow, −1 yesterday."""

    days: int
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Calendar:
    """A day of a calendar as written. `month` 0: not said; `month_ahead` 0 or 1: this, next month.

    `bare`: only a number after a weekday. `iso`: written as computers do, so its clock is too.
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
    """From now on: whole `days` and `months` keep the day only, `span` is exact.

    `loose`: other numbers of days that the same words mean ("en ocho días" is a week).
    """

    span: timedelta | None = None
    days: int = 0
    months: int = 0
    loose: tuple[int, ...] = ()
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A time zone named in the phrase, as our own echo does: `(Bogotá)`."""

    zone: str
    weak: bool = True


Piece = Clock | Part | Weekday | Week | Near | Calendar | Offset | Place


@dataclass(frozen=True, slots=True)
class Now:
    """The moment and the place a phrase is read in. `at` is UTC, `wall` naive local time."""

    at: datetime
    wall: datetime
    zone: str

    @property
    def today(self) -> date:
        return self.wall.date()
