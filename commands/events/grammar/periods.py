"""Read a period of days: `esta semana`, `diciembre`, `fin de semana`, `3/12`. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.api import dates, fold

_MONTHS = (
    ("enero", "janeiro", "january"),
    ("febrero", "fevereiro", "february"),
    ("marzo", "marco", "march"),
    ("abril", "april"),
    ("mayo", "maio", "may"),
    ("junio", "junho", "june"),
    ("julio", "julho", "july"),
    ("agosto", "august"),
    ("septiembre", "setiembre", "setembro", "september"),
    ("octubre", "outubro", "october"),
    ("noviembre", "novembro", "november"),
    ("diciembre", "dezembro", "december"),
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
_LEAD = re.compile(
    r"^(?:(?:de|del|do|da|en|em|in|para|for|el|la|o|a|los|on|this|esta?|ess[ae]|ness[ae]|nest[ae]"
    r"|dest[ae]|proximos?|proximas?|next) )*"
)
_NEXT = re.compile(r"proxim|que viene|que vem|siguiente|seguinte|next|entrante")


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` up to, not including, `after`, on the wall clock."""

    first: date
    after: date

    def bounds(self, zone: str) -> tuple[datetime, datetime]:
        """Return the first instant (UTC) of the period, and the first one after it."""
        start, end = (datetime.combine(day, time()) for day in (self.first, self.after))
        return dates.to_utc(start, zone), dates.to_utc(end, zone)


def read_period(text: str, now: datetime, zone: str) -> Period | None:
    """Return the period that the words name, or None."""
    said = fold(text).strip(" ?¿!.,")
    today = dates.to_wall(now, zone).date()
    ahead = 1 if _NEXT.search(said) else 0
    bare = _LEAD.sub("", said)
    if re.search(r"fi[nm] de semana|weekend", said):
        saturday = today + timedelta(days=5 - today.weekday() + 7 * ahead)
        return Period(saturday, saturday + timedelta(days=2))
    if re.match(r"(?:semana|week)\b", bare):
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=ahead)
        return Period(monday, monday + timedelta(weeks=1))
    if re.match(r"(?:mes|month)\b", bare):
        return _month_period(today.year, today.month + ahead)
    if re.fullmatch(r"(?:20)\d\d", bare):
        return Period(date(int(bare), 1, 1), date(int(bare) + 1, 1, 1))
    named = re.fullmatch(r"([a-z]+)(?: (?:de |do |of )?(20\d\d))?", bare)
    if named and named[1] in _MONTH:
        month = _MONTH[named[1]]
        year = int(named[2]) if named[2] else today.year + (month < today.month)
        return _month_period(year, month)
    return _day_period(text, now, zone)


def _month_period(year: int, month: int) -> Period:
    first = date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    return Period(first, (first + timedelta(days=32)).replace(day=1))


def _day_period(text: str, now: datetime, zone: str) -> Period | None:
    """Return the period of one day; of two possible days the nearer one."""
    read = dates.read_date(text, now, zone)
    if isinstance(read, dates.AmbiguousDate):
        read = min(read.options, key=lambda option: option.at)
    if not isinstance(read, dates.ZonedTime):
        return None
    day = read.wall.date()
    return Period(day, day + timedelta(days=1))
