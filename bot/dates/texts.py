"""Writes dates, times and durations in a form that `read_date` reads back."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.dates.zones import to_wall, zone_label

WEEKDAYS = {
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    "pt": (
        *(f"{day}-feira" for day in ("segunda", "terça", "quarta", "quinta", "sexta")),
        *("sábado", "domingo"),
    ),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "es": (
        *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
        *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    ),
    "pt": (
        *("janeiro", "fevereiro", "março", "abril", "maio", "junho"),
        *("julho", "agosto", "setembro", "outubro", "novembro", "dezembro"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_SHAPE = {
    "es": ("{weekday} {day} de {month}", " de {year}"),
    "pt": ("{weekday}, {day} de {month}", " de {year}"),
    "en": ("{weekday} {day} {month}", " {year}"),
}
_DAY_WORD = {"es": ("día", "días"), "pt": ("dia", "dias"), "en": ("day", "days")}
_HALVES = {"es": ("a. m.", "p. m."), "pt": ("am", "pm"), "en": ("am", "pm")}


def _known_language(language: str) -> str:
    return language if language in _SHAPE else "en"


def _date(wall: datetime, language: str, year: int) -> str:
    language = _known_language(language)
    shape, with_year = _SHAPE[language]
    day = "1º" if language == "pt" and wall.day == 1 else str(wall.day)
    weekday = WEEKDAYS[language][wall.weekday()]
    text = shape.format(weekday=weekday, day=day, month=MONTHS[language][wall.month - 1])
    return text if wall.year == year else text + with_year.format(year=wall.year)


def say_day(at: datetime, zone: str, language: str, *, now: datetime) -> str:
    """Return in words the date of an instant (UTC) in `zone`, with the year if it differs from that
    of `now`."""
    return _date(to_wall(at, zone), language, to_wall(now, zone).year)


def say_time(at: datetime, zone: str, language: str, *, twelve: bool = False) -> str:
    """Return a time of day as `19:00`; with `twelve` in twelve hours too: `19:00, 7:00 p. m.`."""
    wall = to_wall(at, zone)
    text = f"{wall:%H:%M}"
    if not twelve:
        return text
    half = _HALVES[_known_language(language)][wall.hour >= 12]
    return f"{text}, {wall.hour % 12 or 12}:{wall:%M} {half}"


def say_moment(
    at: datetime,
    zone: str,
    language: str,
    *,
    with_zone: bool = True,
    twelve: bool = False,
    now: datetime,
) -> str:
    """Return `jueves 3 de diciembre, 19:00 (Bogotá)` for an instant (UTC) in `zone`.

    The year is included if it differs from that of `now`.
    """
    day = say_day(at, zone, language, now=now)
    place = f" ({zone_label(zone, _known_language(language))})" if with_zone else ""
    return f"{day}, {say_time(at, zone, language, twelve=twelve)}{place}"


def say_span(length: timedelta, language: str) -> str:
    """Return a duration in at most two units, rounded down: `2 h 10 min`, `1 day 4 h`."""
    minutes = int(abs(length).total_seconds()) // 60
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = []
    if days:
        parts.append(f"{days} {_DAY_WORD[_known_language(language)][days != 1]}")
    if hours:
        parts.append(f"{hours} h")
    if rest and not days:
        parts.append(f"{rest} min")
    return " ".join(parts) or ("0 min" if minutes == 0 and not length else "1 min")
