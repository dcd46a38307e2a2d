"""Dates in tests, counted from the beginning, as people type them and as the bot says them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from bot import dates
from bot.dates.texts import MONTHS
from bot.testing.fake_machine import START_TIME

ZONE = "America/Bogota"
"""Where the conversations of tests are, unless they say otherwise."""


def moment_in_words(
    at: datetime, language: str = "es", zone: str = ZONE, now: datetime | None = None
) -> str:
    """Return a moment (UTC) as the bot says it in `zone`, without naming the zone.

    The year is in it if it differs from that of `now`, by default the beginning.
    """
    now = now or START_TIME.at
    return dates.say_moment(at, zone, language, with_zone=False, now=now)


def day_in_words(days: int = 0, language: str = "es", now: datetime | None = None) -> str:
    """Return the day so many days after the beginning, as the bot says it in Bogotá.

    The year is in it if it differs from that of `now`, by default the beginning.
    """
    at = START_TIME.at + timedelta(days=days)
    return dates.say_day(at, ZONE, language, now=now or START_TIME.at)


def month_in_words(months: int = 0, language: str = "es") -> str:
    """Return the name of the month so many months after that of the beginning, in Bogotá."""
    month = dates.to_wall(START_TIME.at, ZONE).month - 1
    return MONTHS[language][(month + months) % 12]


def at_hour(days: int, hour: int) -> datetime:
    """Return an hour (0 to 23) in Bogotá so many days after the beginning, in UTC."""
    day = dates.to_wall(START_TIME.at + timedelta(days=days), ZONE)
    return dates.to_utc(day.replace(hour=hour, minute=0), ZONE)


def typed_day(days: int = 0) -> str:
    """Return the day so many days after the beginning as people in Bogotá type it: `30/11`.

    With the year where it could be a fraction, which is read as no date.
    """
    day = dates.to_wall(START_TIME.at + timedelta(days=days), ZONE)
    typed = f"{day.day}/{day.month}"
    return f"{typed}/{day.year}" if typed in ("1/2", "1/3", "1/4", "2/3", "3/4") else typed


def dated(text: str, language: str = "es", now: datetime | None = None) -> str:
    """Return a text with its dates filled in, each so many days after the beginning.

    `{+5}` becomes what people type (`30/11`), `{+5 day}` what the bot says (`lunes 30 de
    noviembre`; with the year if it differs from that of `now`, by default the beginning),
    `{+5 weekday}` its first word.
    """

    def fill(hole: re.Match[str]) -> str:
        days = int(hole[1])
        words = day_in_words(days, language, now)
        return {"": typed_day(days), "day": words, "weekday": words.split()[0]}[hole[2]]

    return re.sub(r"\{\+(\d+) ?(day|weekday|)\}", fill, text)
