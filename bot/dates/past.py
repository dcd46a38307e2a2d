"""The past day, month, week or year that a phrase means. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from bot.dates.phrase_reader import read_date
from bot.dates.readings import PastDate, ZonedTime
from bot.dates.zones import to_utc, to_wall
from bot.text.normalisation import fold

Period = tuple[datetime, datetime]
"""From the first instant (UTC) of the period to the first one after it."""

_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "enero janeiro january",
            "febrero fevereiro february",
            "marzo marco march",
            "abril april",
            "mayo maio may",
            "junio junho june",
            "julio julho july",
            "agosto august",
            "septiembre setiembre setembro september",
            "octubre outubro october",
            "noviembre novembro november",
            "diciembre dezembro december",
        ),
        start=1,
    )
    for name in names.split()
}
_LEAD = re.compile(r"^(?:(?:en|em|in|on|no|na|el|la|o|a|del|do|da|of|the)\s+)+")
_MONTH = re.compile(r"(?:mes de )?([a-z]+)(?:(?:,| de| del| of)? (20\d\d))?")
_YEAR = re.compile(r"(?:ano |year )?(?:de )?(20\d\d)")
_NAMES = {
    "day": "hoy,hoje,today",
    "week": "esta semana,essa semana,nesta semana,this week",
    "last week": "semana pasada,semana passada,ultima semana,last week",
    "month": "este mes,esse mes,neste mes,this month",
    "last month": "mes pasado,mes passado,ultimo mes,last month",
    "year": "este ano,esse ano,neste ano,this year",
    "last year": "ano pasado,ano passado,ultimo ano,last year",
}
_PERIODS = {name: key for key, names in _NAMES.items() for name in names.split(",")}
MOST_WORDS = 6
"""Most words of such a phrase."""


def read_period(phrase: str, now: datetime, zone: str) -> Period | None:
    """Return the past period that a phrase names (`octubre`, `la semana pasada`), or None. Of
    recurring dates it is the last one."""
    said = fold(phrase).strip(" .,;¿?!¡")
    today = to_wall(now, zone).date()
    for way in dict.fromkeys((said, _LEAD.sub("", said))):
        found = _period_of_words(way, today) or _day(way, now, zone, today)
        if found is not None:
            first, after = found
            return _instant(first, zone), _instant(after, zone)
    return None


def split_period(text: str, fits: Callable[[str], Period | None]) -> tuple[str, Period | None]:
    """Return a text without the period at its end or beginning (`carta en octubre`), and that
    period or None.

    `fits` reads a phrase as a period.
    """
    words = text.split()
    for count in range(min(len(words), MOST_WORDS), 0, -1):
        for phrase, rest in ((words[-count:], words[:-count]), (words[:count], words[count:])):
            found = fits(" ".join(phrase))
            if found is not None:
                return " ".join(rest), found
    return text, None


def _period_of_words(said: str, today: date) -> tuple[date, date] | None:
    period = _PERIODS.get(said)
    if period is not None:
        return _period(period, today)
    match = _MONTH.fullmatch(said)
    if match and match[1] in _MONTHS:
        month = _MONTHS[match[1]]
        year = int(match[2]) if match[2] else today.year - (month > today.month)
        return _month(date(year, month, 1))
    match = _YEAR.fullmatch(said)
    if match:
        return date(int(match[1]), 1, 1), date(int(match[1]) + 1, 1, 1)
    return None


def _period(name: str, today: date) -> tuple[date, date]:
    monday = today - timedelta(days=today.weekday())
    match name:
        case "day":
            return today, today + timedelta(days=1)
        case "week":
            return monday, monday + timedelta(days=7)
        case "last week":
            return monday - timedelta(days=7), monday
        case "month":
            return _month(today.replace(day=1))
        case "last month":
            return _month((today.replace(day=1) - timedelta(days=1)).replace(day=1))
        case "year":
            return date(today.year, 1, 1), date(today.year + 1, 1, 1)
        case _last_year:
            return date(today.year - 1, 1, 1), date(today.year, 1, 1)


def _month(first: date) -> tuple[date, date]:
    return first, (first + timedelta(days=31)).replace(day=1)


def _day(said: str, now: datetime, zone: str, today: date) -> tuple[date, date] | None:
    """Return a day. One that would be to come (`el lunes`, `24/12`) is last week's or last
    year's.
    """
    if not re.search(r"\d|[a-z]{3}", said):
        return None
    found = read_date(said, now, zone)
    if isinstance(found, PastDate):
        day = found.when.wall.date()
    elif isinstance(found, ZonedTime) and not found.has_time:
        day = found.wall.date()
    else:
        return None
    if day > today and day - today <= timedelta(days=7) and not re.search(r"\d", said):
        day -= timedelta(days=7)
    elif day > today:
        day = _year_before(day)
    return (day, day + timedelta(days=1)) if day <= today else None


def _year_before(day: date) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap else day.day)


def _instant(day: date, zone: str) -> datetime:
    return to_utc(datetime.combine(day, time(0)), zone)
