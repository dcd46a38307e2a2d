"""Finds the days that the pieces of a phrase can mean."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

from bot.dates.readings import (
    CalendarDay,
    DayPart,
    Offset,
    Piece,
    ReadingContext,
    RelativeDay,
    Week,
    Weekday,
)

_LATELY = timedelta(days=92)
"""A date without year within the last three months is past, not next year's."""


def add_months(day: date, months: int) -> date:
    """Return the date that many months later, on the same day of the month or the month's last
    day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def days_of(pieces: Iterable[Piece], now: ReadingContext) -> list[date] | None:
    """Return the dates that all parts of a phrase together can mean, likeliest first.

    None if no day is named. Empty if there is no such day or the parts contradict each other.
    """
    pieces = tuple(pieces)
    weekdays = [p for p in pieces if isinstance(p, Weekday)]
    week = [p for p in pieces if isinstance(p, Week)]
    said = [days for p in pieces if (days := _days(p, now)) is not None]
    if len(weekdays) > 1 or len(week) > 1:
        return []
    if not said:
        return _of_weekday(weekdays[0], week, now) if weekdays else [] if week else None
    if week:
        return []
    common = [d for d in said[0] if all(d in other for other in said[1:])]
    if not weekdays or not common:
        return common
    fitting = [d for d in common if d.weekday() == weekdays[0].day]
    return fitting or [
        d for day in common[:1] for d in (day, _nearest(day, weekdays[0].day, now.today))
    ]


def _nearest(day: date, weekday: int, today: date) -> date:
    """Return the day of that weekday nearest to `day`, which may have been meant instead."""
    near = day + timedelta(days=(weekday - day.weekday() + 3) % 7 - 3)
    return near + timedelta(days=7) if near < today <= day else near


def _of_weekday(weekday: Weekday, week: list[Week], now: ReadingContext) -> list[date]:
    today = now.today
    monday = today - timedelta(days=today.weekday())
    if week:
        return [monday + timedelta(days=weekday.day + 7 * week[0].ahead)]
    coming = today + timedelta(days=(weekday.day - today.weekday() - 1) % 7 + 1)
    if weekday.turn == "last":
        return [coming - timedelta(days=7 + 7 * (weekday.day == today.weekday()))]
    if weekday.turn == "next":
        # "Next Friday": the coming one, or that of the next week? On a Sunday weeks begin twice.
        others = [monday + timedelta(days=weekday.day + 7 * n) for n in (1, 2)]
        return list(dict.fromkeys([coming, others[0], *others[1 : 1 + (today.weekday() == 6)]]))
    return [today, coming] if weekday.day == today.weekday() else [coming]


def _days(piece: Piece, now: ReadingContext) -> list[date] | None:
    if isinstance(piece, RelativeDay):
        return [now.today + timedelta(days=piece.days)]
    if isinstance(piece, DayPart) and piece.name.startswith("today "):
        return [now.today]
    if isinstance(piece, Offset):
        return _of_offset(piece, now.today)
    if isinstance(piece, CalendarDay):
        return _of_calendar(piece, now.today)
    return None


def _of_offset(offset: Offset, today: date) -> list[date]:
    if abs(offset.months) > 121 or abs(offset.days) > 3660:
        return []
    base = add_months(today, offset.months)
    return [base + timedelta(days=n) for n in (*offset.loose, offset.days)]


def _of_calendar(piece: CalendarDay, today: date) -> list[date]:
    if piece.month == 0:
        return _of_month_day(piece, today)
    if piece.year:
        return _real(piece.year, piece.month, piece.day)
    years = range(today.year, today.year + 9)  # 29 February may be eight years away
    dates = [d for year in years for d in _real(year, piece.month, piece.day)]
    if dates and dates[0] < today - _LATELY:
        return dates[1:2]
    return dates[:1]


def _of_month_day(piece: CalendarDay, today: date) -> list[date]:
    first = today.replace(day=1)
    if piece.month_ahead >= 0:
        month = add_months(first, piece.month_ahead)
        return _real(month.year, month.month, piece.day)
    if not 1 <= piece.day <= 31:
        return []
    months = [add_months(first, n) for n in (0, 1, 2)]
    found = [d for m in months for d in _real(m.year, m.month, piece.day) if d >= today]
    if found[0] == today:
        return found[:2]
    if months[0].month != found[0].month and not _real(today.year, today.month, piece.day):
        last = today.replace(day=monthrange(today.year, today.month)[1])
        return [last, found[0]]  # "dia 31" in November: its last day, or the next 31st?
    return found[:1]


def _real(year: int, month: int, day: int) -> list[date]:
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
        return []
    return [date(year, month, day)]
