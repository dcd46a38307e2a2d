"""Reads a date phrase. All of it must be understood, and ambiguity is reported."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from bot.dates.clock_times import TYPICAL, clocks, minutes_of
from bot.dates.days import days_of
from bot.dates.pieces import READERS
from bot.dates.readings import (
    FARTHEST,
    AmbiguousDate,
    CalendarDay,
    ClockTime,
    DayPart,
    Offset,
    PastDate,
    Piece,
    Reading,
    ReadingContext,
    UnreadableDate,
    Weekday,
    ZonedTime,
    ZonePiece,
)
from bot.dates.words import DAY, DAY_SHORT, MOST_CHARACTERS, fold_plain
from bot.dates.zones import is_in_gap, to_utc, to_wall

_GAP = re.compile(r" {0,2}(?:, {0,2}|- )?")
_BRACKETS = re.compile(rf"\(((?:{DAY}(?:[ -]feira)?|{DAY_SHORT}\.?|\d{{1,2}}/\d{{1,2}}))\)")
_LEADING = re.compile(r"[¿¡\s]*(?:(?:hasta|ate|until|till|antes d[eo]) (?:el |o |a )?)?")
_MOST = 8
"""Most pieces of a phrase."""

Pieces = tuple[Piece, ...]


def parse_pieces(text: str, at: int, so_far: Pieces = ()) -> Iterator[tuple[Pieces, int]]:
    """Yield every row of date pieces that begins at position `at` of a folded text, with its
    end."""
    if len(so_far) == _MOST:
        return
    last = so_far[-1] if so_far else None
    for reader in (*READERS, clocks):
        for piece, end in reader(text, at, last):
            pieces = (*so_far, piece)
            if _is_repeated(pieces):
                continue
            yield pieces, end
            gap = _GAP.match(text, end)
            next_at = gap.end() if gap else end
            if next_at < len(text):
                yield from parse_pieces(text, next_at, pieces)


def remove_brackets(text: str) -> str:
    """Return `28/11 (sábado)` with spaces in place of the brackets, so that positions stay."""
    return _BRACKETS.sub(r" \1 ", text) if "(" in text else text


def _is_repeated(pieces: Pieces) -> bool:
    """Return whether a kind of piece repeats. Only a time may, on two clocks (19:00, 7 pm)."""
    kind = type(pieces[-1])
    return sum(isinstance(p, kind) for p in pieces) > (2 if kind is ClockTime else 1)


def read_date(text: str, now: datetime, zone: str) -> Reading:
    """Return the reading of the whole text as a date in es, pt or en, on the clock of `zone`.

    `now` is aware. Nothing is guessed: with leftovers it is unreadable, with two meanings it is
    ambiguous (likeliest first), and a past date is reported as past. A local time that the clocks
    skip is ambiguous; one that occurs twice is the first. A zone in brackets takes precedence.
    """
    if len(text) > MOST_CHARACTERS:
        return UnreadableDate()
    folded = remove_brackets(fold_plain(text).replace("\n", " ")).rstrip(" .!?,;")
    leading = _LEADING.match(folded)
    starts = {0, leading.end() if leading else 0}
    whole = [p for s in starts for p, end in parse_pieces(folded, s) if end == len(folded)]
    return choose_reading(whole, now, zone)


def choose_reading(rows: Sequence[Pieces], now: datetime, zone: str) -> Reading:
    """Return what a date phrase means, of all rows of pieces that it can be parsed into: one time,
    several, a past one, or none."""
    options: list[ZonedTime] = []
    vague = False
    for pieces in dict.fromkeys(rows):
        place = next((p.zone for p in pieces if isinstance(p, ZonePiece)), zone)
        here = ReadingContext(now, to_wall(now, place), place)
        found, unsure = _options(pieces, here)
        found = _bare_hours(pieces, here) + found
        options += [w for w in found if w not in options and w.at - now < FARTHEST]
        vague = vague or unsure
    ahead = [w for w in options if _is_ahead(w, now)]
    if not ahead:
        return PastDate(options[0]) if options else UnreadableDate()
    if len({w.at for w in ahead}) == 1 and not vague:
        return ahead[0]
    return AmbiguousDate(tuple(ahead[:4]))


def _is_ahead(when: ZonedTime, now: datetime) -> bool:
    return when.at > now if when.has_time else when.wall.date() >= to_wall(now, when.zone).date()


def _is_skipped(when: ZonedTime) -> bool:
    return when.has_time and is_in_gap(when.wall, when.zone)


def _replace_skipped(found: list[ZonedTime]) -> tuple[list[ZonedTime], bool]:
    """Replace local times that the clocks skip by the next ones, and return whether any was."""
    settled = [
        ZonedTime(w.at, to_wall(w.at, w.zone), w.zone, has_time=True) if _is_skipped(w) else w
        for w in found
    ]
    return settled, settled != found


def _options(pieces: Pieces, here: ReadingContext) -> tuple[list[ZonedTime], bool]:
    """Return the readings of one row of pieces, past or not, and whether to ask even if it is
    one.
    """
    offset = next((p for p in pieces if isinstance(p, Offset)), None)
    if offset and offset.span is not None:
        if any(not isinstance(p, Offset | ZonePiece) for p in pieces) or offset.months:
            return [], False
        return _exact(here.at + offset.span, here), False
    days = days_of(pieces, here)
    clock_pieces = [p for p in pieces if isinstance(p, ClockTime)]
    part = next((p for p in pieces if isinstance(p, DayPart)), None)
    if days is None:
        return _replace_skipped(_next_times(clock_pieces, part, here) if clock_pieces else [])
    clash = any(isinstance(p, Weekday) and p.day != d.weekday() for p in pieces for d in days)
    if not clock_pieces and not part:
        return [_zoned_time(day, None, here) for day in days], clash
    iso = any(isinstance(p, CalendarDay) and p.iso for p in pieces)
    minutes = _minutes(clock_pieces, part, iso=iso)
    found = [_zoned_time(day, m, here) for day in days for m in minutes]
    if not clock_pieces:
        return _two_hours(found, here), True
    settled, jumped = _replace_skipped(found)
    return settled, jumped or clash


def _bare_hours(pieces: Pieces, here: ReadingContext) -> list[ZonedTime]:
    """Read "sexta 19" also as Friday at 19:00, besides the 19th."""
    if not (len(pieces) == 2 and isinstance(pieces[1], CalendarDay) and pieces[1].bare):
        return []
    hour = pieces[1].day
    if 13 <= hour <= 23:
        return _options((pieces[0], ClockTime(hour, 0, "full")), here)[0]
    clash = _options(pieces, here)[1]
    if not clash or hour > 12 or pieces[0].weak:
        return []
    # "Viernes 5", and the 5th is no Friday: the hour is as likely.
    return _options((pieces[0], ClockTime(hour, 0, "open")), here)[0]


def _two_hours(found: list[ZonedTime], here: ReadingContext) -> list[ZonedTime]:
    """Return two hours to choose from if only a part of the day is given."""
    ahead = [w for w in found if w.at > here.at]
    return sorted(ahead[:2], key=lambda w: w.at) if len(ahead) > 1 else found if not ahead else []


def _minutes(all_clocks: list[ClockTime], part: DayPart | None, *, iso: bool) -> tuple[int, ...]:
    if not all_clocks:
        name = part.name.removeprefix("today ") if part else ""
        return tuple(hour * 60 for hour in TYPICAL[name])
    first, *others = (minutes_of(clock, part, iso=iso) for clock in all_clocks)
    return tuple(m for m in first if all(m in other for other in others))


def _exact(at: datetime, here: ReadingContext) -> list[ZonedTime]:
    if abs(at - here.at) > FARTHEST:
        return []
    return [ZonedTime(at, to_wall(at, here.zone), here.zone, has_time=True)]


def _next_times(
    all_clocks: list[ClockTime], part: DayPart | None, here: ReadingContext
) -> list[ZonedTime]:
    """Return the next occurrence of a time, today or tomorrow, for each of its meanings."""
    found = []
    for minutes in _minutes(all_clocks, part, iso=False):
        today = _zoned_time(here.today, minutes, here)
        later = _zoned_time(here.today + timedelta(days=1), minutes, here)
        found.append(today if today.at > here.at else later)
    return found


def _zoned_time(day: date, minutes: int | None, here: ReadingContext) -> ZonedTime:
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes or 0)  # noqa: DTZ001
    return ZonedTime(to_utc(wall, here.zone), wall, here.zone, has_time=minutes is not None)
