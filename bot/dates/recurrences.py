"""Reads recurrences into RFC 5545 rules and computes occurrences on the zone's wall clock."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from dateutil.rrule import rrule, rruleset, rrulestr

from bot.dates.clock_times import TYPICAL, minutes_of
from bot.dates.phrase_reader import Pieces, parse_pieces, read_date
from bot.dates.readings import CalendarDay, ClockTime, DayPart, UnreadableDate, ZonedTime
from bot.dates.rhythm import CODES, Rhythm, find_rhythms
from bot.dates.words import MOST_CHARACTERS, NUMBER, fold_plain, parse_number
from bot.dates.zones import to_utc, to_wall

_UNTIL = re.compile(r",? ?(?:hasta|ate|until|till) (?:el |o |a |la )?")
_FROM = re.compile(
    r",? ?(?:desde|a partir d(?:el|e|o|a)|starting(?: on| from)?|empezando|comecando|a contar de)"
    r" (?:el |o |a )?"
)
_TIMES = re.compile(
    rf",? ?(?:(?:por|durante|for) )?(?P<n>\d{{1,3}}|{NUMBER}) (?:veces|vezes|times|ocasiones)"
    rf"(?![a-z])"
)
_STEPS = {
    "HOURLY": timedelta(hours=1),
    "DAILY": timedelta(days=1),
    "WEEKLY": timedelta(weeks=1),
}
_SLACK = timedelta(hours=26)
"""More than any clock change: how much earlier the search for an occurrence starts."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A series. `rule` is an RRULE whose times (UNTIL too) are on the wall clock of `zone`.

    `start` is the first occurrence (naive, local). Without `has_time` no time is given, `start` is
    00:00 of that day, and the caller asks.
    """

    rule: str
    start: datetime
    zone: str
    has_time: bool

    @property
    def first(self) -> ZonedTime:
        """The local time of the first occurrence."""
        return ZonedTime(to_utc(self.start, self.zone), self.start, self.zone, self.has_time)


@dataclass(frozen=True, slots=True)
class AmbiguousSeries:
    """An ambiguous series, likeliest reading first."""

    options: tuple[Recurrence, ...]


@dataclass(frozen=True, slots=True)
class _Bounds:
    start: datetime  # naive local; nothing before it
    until: datetime | None
    count: int


def read_recurrence(
    text: str, now: datetime, zone: str
) -> Recurrence | AmbiguousSeries | UnreadableDate:
    """Return the series that the whole text means, in es, pt or en; `now` is aware.

    An ambiguous time, and "cada 15 días" (fifteen days or two weeks), gives an ambiguous series.
    """
    folded = (
        fold_plain(text).replace("\n", " ").rstrip(" .!,;") if len(text) <= MOST_CHARACTERS else ""
    )
    split = _bounds(folded, now, zone)
    if not split:
        return UnreadableDate()
    head, bounds = split
    options: list[Recurrence] = []
    for rhythm, pieces in _rows(head):
        options += [r for r in _series(rhythm, pieces, bounds, zone) if r not in options]
    if len(options) == 1:
        return options[0]
    return AmbiguousSeries(tuple(options[:4])) if options else UnreadableDate()


def _bounds(text: str, now: datetime, zone: str) -> tuple[str, _Bounds] | None:
    """Return the text without `hasta …`, `desde …`, `10 veces`, or None if one can't be read."""
    until: datetime | None = None
    start = to_wall(now, zone)
    count = 0
    if (times := _TIMES.search(text)) and times.start():
        count = parse_number(times["n"])
        text = text[: times.start()] + text[times.end() :]
    if (found := _last(_UNTIL, text)) and not re.search(r"de \w+$", text[: found.start()]):
        said = read_date(text[found.end() :], now, zone)
        if not isinstance(said, ZonedTime):
            return None
        until = said.wall if said.has_time else said.wall + timedelta(days=1, seconds=-1)
        text = text[: found.start()]
    if found := _last(_FROM, text):
        said = read_date(text[found.end() :], now, zone)
        if not isinstance(said, ZonedTime) or (count == 0 and times):
            return None
        start, text = max(start, said.wall.replace(hour=0, minute=0)), text[: found.start()]
        text += f" {said.wall:%H:%M}" if said.has_time else ""
    return text.strip(), _Bounds(start, until, count)


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return found[-1] if found else None


def _rows(head: str) -> Iterator[tuple[Rhythm, Pieces]]:
    """Yield a rhythm with what is given beside it: its longest form that leaves no rest."""
    for begin in re.finditer(r"(?<![a-z\d])(?=[a-z\d])", head):
        at = begin.start()
        for rhythm, end in sorted(find_rhythms(head, at), key=lambda found: -found[1]):
            rest = (head[:at].strip(" ,") + " " + head[end:].strip(" ,")).strip()
            rows = (
                [row for row, stop in parse_pieces(rest, 0) if stop == len(rest)] if rest else [()]
            )
            fitting = [row for row in rows if _fits(rhythm, row)]
            if fitting:
                yield from ((rhythm, row) for row in fitting)
                return


def _fits(rhythm: Rhythm, pieces: Pieces) -> bool:
    """Return whether these pieces may stand beside the rhythm."""
    dated = rhythm.freq in ("YEARLY", "MONTHLY")
    allowed = (ClockTime, DayPart, CalendarDay) if dated else (ClockTime, DayPart)
    if rhythm.part and any(isinstance(p, DayPart) for p in pieces):
        return False
    return all(isinstance(p, allowed) and not _today(p) for p in pieces)


def _today(piece: object) -> bool:
    return isinstance(piece, DayPart) and piece.name.startswith("today")


def _series(rhythm: Rhythm, pieces: Pieces, bounds: _Bounds, zone: str) -> Iterator[Recurrence]:
    date = next((p for p in pieces if isinstance(p, CalendarDay)), None)
    for rule, named in _rules(rhythm, date, bounds.start):
        for minutes in _minutes(rhythm, pieces):
            if found := _make_series(rule, minutes, bounds, zone, named=named):
                yield found


def _rules(rhythm: Rhythm, date: CalendarDay | None, start: datetime) -> Iterator[tuple[str, bool]]:
    """Yield the possible rules, likeliest first, and whether the day is given or the start's.

    The rule always contains the day, so that a series from the 31st skips no month.
    """
    if rhythm.is_ambiguous:
        fortnight = replace(
            rhythm, freq="WEEKLY", interval=rhythm.interval // 7, is_ambiguous=False
        )
        yield from _rules(fortnight, date, start)
    if date and rhythm.freq == "YEARLY":
        if not date.year and 1 <= date.day <= monthrange(2028, date.month or 1)[1] and date.month:
            every = f";INTERVAL={rhythm.interval}" if rhythm.interval > 1 else ""
            yield f"FREQ=YEARLY{every};BYMONTH={date.month};BYMONTHDAY={date.day}", True
    elif date:
        if not date.month and 1 <= date.day <= 31 and rhythm == Rhythm("MONTHLY", rhythm.interval):
            yield replace(rhythm, month_day=date.day).rule(), True
    elif rhythm == Rhythm("MONTHLY", rhythm.interval):
        yield replace(rhythm, month_day=start.day).rule(), False
    elif rhythm == Rhythm("WEEKLY", rhythm.interval):
        yield replace(rhythm, days=(CODES[start.weekday()],)).rule(), False
    else:
        yield rhythm.rule(), bool(rhythm.days or rhythm.month_day)


def _minutes(rhythm: Rhythm, pieces: Pieces) -> Sequence[int | None]:
    clock = next((p for p in pieces if isinstance(p, ClockTime)), None)
    part = next(
        (p for p in pieces if isinstance(p, DayPart)), DayPart(rhythm.part) if rhythm.part else None
    )
    if not clock:
        return [hour * 60 for hour in TYPICAL[part.name][:2]] if part else [None]
    options = minutes_of(clock, part)
    within = [m for m in options if m < 1440]
    if len(within) < len(options) and rhythm.freq != "DAILY" and within[:1] != [720]:
        return []  # the midnight of which day?
    return within


def _make_series(
    rule: str, minutes: int | None, bounds: _Bounds, zone: str, *, named: bool
) -> Recurrence | None:
    """Return the series with its first occurrence at or after the bounds' start."""
    midnight = bounds.start.replace(hour=0, minute=0, second=0, microsecond=0)
    hourly = "HOURLY" in rule
    if hourly and minutes is None:
        first = bounds.start.replace(second=0, microsecond=0) + timedelta(hours=_interval(rule))
    else:
        # The first occurrence of a given day ignores the interval.
        anchored = re.sub(r";INTERVAL=\d+", "", rule) if named else rule
        base = midnight + timedelta(minutes=minutes or 0)
        after = bounds.start if minutes is not None else midnight - timedelta(seconds=1)
        found = rrulestr(anchored, dtstart=base).after(after)
        if found is None:
            return None
        first = found
    if bounds.until:
        if bounds.until < first:
            return None
        rule += f";UNTIL={bounds.until:%Y%m%dT%H%M%S}"
    if bounds.count:
        rule += f";COUNT={bounds.count}"
    return Recurrence(rule, first, zone, has_time=minutes is not None or hourly)


def _interval(rule: str) -> int:
    found = re.search(r"INTERVAL=(\d+)", rule)
    return int(found[1]) if found else 1


@lru_cache(maxsize=512)
def _rule(rule: str, start: datetime) -> rrule | rruleset:
    return rrulestr(rule, dtstart=start)


def _later_start(rule: str, start: datetime, wall: datetime) -> datetime:
    """Return a later start from which the rule counts the same, so that old series stay fast."""
    parts = dict(part.partition("=")[::2] for part in rule.split(";"))
    unit = _STEPS.get(parts.get("FREQ", ""))
    if not unit or "COUNT" in parts or wall <= start:
        return start
    step = unit * int(parts.get("INTERVAL") or 1)
    return start + step * max(0, (wall - start) // step - 1)


def next_after(rule: str, wall_start: datetime, zone: str, after: datetime) -> ZonedTime | None:
    """Return the first occurrence after the aware instant `after`, or None if there is none.

    Counted on the wall clock of `zone`, so clock changes don't shift it. An occurrence that the
    clocks skip is at the next existing minute; one that occurs twice is the first. Raises
    `ValueError` for an invalid rule.
    """
    begin = to_wall(after, zone) - _SLACK
    series = _rule(rule, _later_start(rule, wall_start, begin))
    wall = series.after(begin, inc=True)
    while wall is not None:
        at = to_utc(wall, zone)
        if at > after:
            return ZonedTime(at, to_wall(at, zone), zone, has_time=True)
        wall = series.after(wall)
    return None
