"""Days reckoned from the beginning of a test: as people type them and as the bot writes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot import dates
from bot.dates.texts import MONTHS, WEEKDAYS
from bot.testing.talk import START_TIME, Talk

HERE = "America/Bogota"
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar in Bogotá."""

    wall: date

    def plus(self, days: int) -> Day:
        return Day(self.wall + timedelta(days=days))

    @property
    def typed(self) -> str:
        """`03/12`."""
        return f"{self.wall:%d/%m}"

    @property
    def weekday(self) -> str:
        """`jueves`."""
        return WEEKDAYS["es"][self.wall.weekday()]

    @property
    def month(self) -> str:
        """`diciembre`."""
        return MONTHS["es"][self.wall.month - 1]

    @property
    def long(self) -> str:
        """`jueves 3 de diciembre`, as people type it."""
        return f"{self.weekday} {self.wall.day} de {self.month}"

    @property
    def weekly(self) -> str:
        """The rule of a series on this day of the week."""
        return f"FREQ=WEEKLY;BYDAY={_CODES[self.wall.weekday()]}"

    def on_clock(self, hour: int, minute: int = 0) -> datetime:
        """What the clocks in Bogotá show, without a zone."""
        return datetime.combine(self.wall, time(hour, minute))

    def at(self, hour: int, minute: int = 0) -> datetime:
        """This hour in Bogotá, in UTC."""
        return self.on_clock(hour, minute).replace(tzinfo=ZoneInfo(HERE)).astimezone(UTC)

    def words(self, talk: Talk, language: str = "es", zone: str = HERE) -> str:
        """`jueves 3 de diciembre`, with the year where the bot adds it now for a reader there."""
        return dates.say_day(self.at(12), zone, language, now=talk.clock.at)

    def title(self, talk: Talk, language: str = "es", zone: str = HERE) -> str:
        """The words, at the beginning of a line."""
        words = self.words(talk, language, zone)
        return words[0].upper() + words[1:]


def in_days(days: int) -> Day:
    """So many days after the beginning."""
    return Day((START_TIME.at.astimezone(ZoneInfo(HERE)) + timedelta(days=days)).date())


def moment(talk: Talk, at: datetime, zone: str = HERE) -> str:
    """`jueves 3 de diciembre, 19:00 (Bogotá)`, as the bot writes it now."""
    return dates.say_moment(at, zone, "es", now=talk.clock.at)


async def agenda(talk: Talk, title: str, until: Day) -> list[str]:
    """The lines of the agenda that name an event, month by month up to a day."""
    today = in_days(0).wall
    found: list[str] = []
    for number in range(today.year * 12 + today.month - 1, until.wall.year * 12 + until.wall.month):
        month = f"{MONTHS['es'][number % 12]} {number // 12}"
        said = await talk.answer("bea", f"!eventos {month}")
        found += [line for line in said.splitlines() if title in line]
    return found
