"""Writes a series in words that `read_recurrence` reads back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.dates.recurrences import Recurrence
from bot.dates.rhythm import CODES
from bot.dates.texts import MONTHS, WEEKDAYS, say_day
from bot.dates.zones import to_utc

_UNITS = {
    "es": {"HOURLY": "horas", "DAILY": "días", "WEEKLY": "semanas", "MONTHLY": "meses"},
    "pt": {"HOURLY": "horas", "DAILY": "dias", "WEEKLY": "semanas", "MONTHLY": "meses"},
    "en": {"HOURLY": "hours", "DAILY": "days", "WEEKLY": "weeks", "MONTHLY": "months"},
}
_YEARS = {"es": "años", "pt": "anos", "en": "years"}
_ONE = {
    "es": {"HOURLY": "cada hora", "DAILY": "cada día", "YEARLY": "cada año"},
    "pt": {"HOURLY": "a cada hora", "DAILY": "todo dia", "YEARLY": "todo ano"},
    "en": {"HOURLY": "every hour", "DAILY": "every day", "YEARLY": "every year"},
}
_MANY = {"es": "cada {n} {unit}", "pt": "a cada {n} {unit}", "en": "every {n} {unit}"}
_MONTHLY = {"es": "{what} de cada mes", "pt": "{what} de cada mês", "en": "{what} of every month"}
_ON = {"es": "el {what}", "pt": "{what}", "en": "on {what}"}
_AND = {"es": " y ", "pt": " e ", "en": " and "}
_WORK = {"es": "de lunes a viernes", "pt": "de segunda a sexta", "en": "from Monday to Friday"}
_ORDINALS = {
    "es": ("primer", "segundo", "tercer", "cuarto", "quinto", "último"),
    "pt": ("primeiro", "segundo", "terceiro", "quarto", "quinto", "último"),
    "en": ("first", "second", "third", "fourth", "fifth", "last"),
}
_DAY = {"es": "el día {n}", "pt": "o dia {n}", "en": "the {n}{th}"}
_LAST_DAY = {"es": "el último día", "pt": "o último dia", "en": "the last day"}
_UNTIL = {"es": "hasta el {day}", "pt": "até {day}", "en": "until {day}"}
_TIMES = {"es": "{n} veces", "pt": "{n} vezes", "en": "{n} times"}


def say_series(series: Recurrence, language: str, now: datetime) -> str:
    """Return a series in words, with its end if there is one: `cada martes, 19:00`.

    The year of the end is included if it differs from that of `now`.
    """
    language = language if language in _ONE else "en"
    parts = dict(part.split("=", 1) for part in series.rule.split(";"))
    said = [_rhythm(parts, series.start, language)]
    if series.has_time and parts["FREQ"] != "HOURLY":
        said.append(f"{series.start:%H:%M}")
    if "COUNT" in parts:
        said.append(_TIMES[language].format(n=parts["COUNT"]))
    if "UNTIL" in parts:
        wall = datetime.strptime(parts["UNTIL"], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        at = to_utc(wall.replace(tzinfo=None), series.zone)
        said.append(_UNTIL[language].format(day=say_day(at, series.zone, language, now=now)))
    return ", ".join(said)


def _rhythm(parts: Mapping[str, str], start: datetime, language: str) -> str:
    freq, count = parts["FREQ"], int(parts.get("INTERVAL", 1))
    unit = _UNITS[language].get(freq, _YEARS[language])
    many = _MANY[language].format(n=count, unit=unit) if count > 1 else ""
    if freq == "WEEKLY":
        return _weekly(parts.get("BYDAY") or CODES[start.weekday()], many, language)
    if freq == "MONTHLY":
        what = _in_month(parts, start, language)
        return f"{many}, {what}" if many else _MONTHLY[language].format(what=what)
    if freq == "YEARLY":
        what = _date(start, language)
        return f"{many or _ONE[language][freq]}, {what}"
    return many or _ONE[language][freq]


def _date(start: datetime, language: str) -> str:
    month = MONTHS[language][start.month - 1]
    return {
        "es": f"el {start.day} de {month}",
        "pt": f"{start.day} de {month}",
        "en": f"on {start.day} {month}",
    }[language]


def _weekly(days: str, many: str, language: str) -> str:
    if days == ",".join(CODES[:5]) and not many:
        return _WORK[language]
    names = [WEEKDAYS[language][CODES.index(code)] for code in days.split(",")]
    listed = _AND[language].join(filter(None, (", ".join(names[:-1]), names[-1])))
    if many:
        return f"{many}, {_ON[language].format(what=listed)}"
    every = {"es": "cada", "en": "every", "pt": "toda" if "-" in names[0] else "todo"}[language]
    return f"{every} {listed}"


def _in_month(parts: Mapping[str, str], start: datetime, language: str) -> str:
    if "BYDAY" not in parts:
        day = int(parts.get("BYMONTHDAY", str(start.day)).rsplit(",", 1)[-1])
        if day < 0:
            return _LAST_DAY[language]
        return _DAY[language].format(n=day, th=_th(day))
    codes = parts["BYDAY"].split(",")
    name = WEEKDAYS[language][CODES.index(codes[0][-2:])]
    ordinals = [_ordinal(int(code[:-2]), name, language) for code in codes]
    article = {"es": "el", "en": "the", "pt": "a" if "-" in name else "o"}[language]
    return f"{article} {_AND[language].join(ordinals)} {name}"


def _ordinal(number: int, name: str, language: str) -> str:
    word = _ORDINALS[language][number - 1 if number > 0 else number]
    return word[:-1] + "a" if language == "pt" and "-" in name else word


def _th(day: int) -> str:
    return "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
