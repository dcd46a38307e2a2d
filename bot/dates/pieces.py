"""Patterns of the pieces of a date phrase, on folded text, each anchored where the last one ended.

No pattern has nested repetition, so that the work grows only with the text's length.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

from bot.dates.durations import Amount, amount_at
from bot.dates.readings import (
    CalendarDay,
    DayPart,
    Offset,
    Piece,
    RelativeDay,
    Week,
    Weekday,
    ZonePiece,
)
from bot.dates.words import DAY, DAY_SHORT, MONTH, MONTHS, NUMBER, parse_number, parse_weekday
from bot.dates.zones import find_zone

FoundPiece = tuple[Piece, int]
"""A piece and where it ends."""

END = r"(?![a-z\d])(?![:/.@_-][a-z\d])"
_BEFORE = (
    r"(?:(?:para|pra|for|de|of|by) )?"
    r"(?:(?:el|del|al|o|do|da|ao|a|no|na|on|the|em|en|on the)(?: dia)? |dia )?"
)
_HOURLY = (
    r"(?!\d)(?! ?(?:hs?|hrs?|horas?|hours?|am|pm|a\. ?m|p\. ?m|m|o'?clock|en punto|em ponto)"
    r"(?![a-z]))"
    r"(?![:.h/-]\d)(?! (?:y|e) (?:media|meia|cuarto))(?! ?(?:de la|da|do|del|in the) (?:man|tar"
    r"|noi|noc|mad|dia|med|mor|aft|eve))"
)

_WEEKDAY = re.compile(
    rf"{_BEFORE}(?:(?:(?P<this>este|esta|neste|nesta|esse|essa|nesse|nessa|this coming|this|coming)"
    r"|(?P<next>proximo|proxima|prox\.?|next|siguiente)|(?P<last>last)) )?"
    rf"(?:(?<!\bla )(?<!\buna )(?P<day>{DAY})(?:[ -]?feira)?|(?P<nth>[2-6])a?[ -]feira|"
    rf"(?P<short>{DAY_SHORT})\.?){END}"
    r"(?: (?P<after>que viene|que vem|que entra|proximo|proxima|siguiente|seguinte|next)"
    r"(?! semana| week)(?![a-z])| (?P<gone>pasado|passado|passada)(?! manana)(?![a-z]))?"
)
_WEEK = re.compile(
    r"(?:(?:de|en|da|na|a|on|of|in) )?(?:(?P<next>(?:(?:la|a|the) )?(?:proxima|siguiente|otra"
    r"|outra) semana"
    r"|(?:la )?semana (?:que viene|que vem|que entra|siguiente|seguinte|proxima|entrante)"
    r"|next week)|(?P<this>(?:esta|nesta|dessa|desta|essa|nessa) semana|this week))" + END
)
_NEAR = re.compile(
    r"(?:(?:para|pra|for|de|of|by) )?(?:"
    r"(?P<p2>pasado manana|depois de amanha|(?:the )?day after tomorrow)"
    r"|(?P<p1>(?<!\bla )(?<!\besta )(?<!\bcada )(?<!\bpasado )manana|(?<!depois de )amanha|"
    r"(?<!after )tomorrow|tomorow|tmrw?)"
    r"|(?P<p0>hoy(?: mismo)?|hoje|hj|today)"
    r"|(?P<m1>ayer|ontem|yesterday)|(?P<m2>anteayer|antier|antes de ayer|anteontem))" + END
)
_NEAR_DAYS = {"p2": 2, "p1": 1, "p0": 0, "m1": -1, "m2": -2}
_TODAY_PART = re.compile(
    r"(?:(?:para|pra|for|by) )?(?:(?:esta|nesta|essa|nessa|this) "
    r"(?P<part>manana|manha|morning|tarde|afternoon|evening|noche|noite|madrugada)|"
    r"(?P<night>tonight))" + END
)
_PART = re.compile(
    r"(?:(?:por|en|a|de|durante) la |(?:da|a|de|na|pela) |(?:in |on )?the |la )?"
    r"(?:(?P<name>manana|manha|morning|tarde|afternoon|evening|noche|noite|madrugada)"
    r"|(?P<dia>(?:del|do) (?:mediodia|meio[ -]dia|dia))|(?P<night>(?:at )?night))" + END
)
_PARTS = {
    "manana": "morning",
    "manha": "morning",
    "morning": "morning",
    "tarde": "afternoon",
    "afternoon": "afternoon",
    "evening": "evening",
    "noche": "night",
    "noite": "night",
    "madrugada": "small",
}
_ISO = re.compile(
    r"(?:(?:el|on|dia|em|para|pra) )?(20\d\d)([-/.])(\d{1,2})\2(\d{1,2})(?!\d)(?:t(?=\d))?"
)
_NUMERIC = re.compile(
    rf"{_BEFORE}(\d{{1,2}})(?P<sep>[/.-])(\d{{1,2}})(?:(?P=sep)(20\d\d|\d\d))?{END}"
)
_FRACTIONS = {(1, 2), (1, 3), (1, 4), (2, 3), (3, 4)}
_YEAR = r"(?:,? (?:de |del |do )?(?P<year>20\d\d)(?!\d|[:h]))?"
_DAY_MONTH = re.compile(
    rf"{_BEFORE}(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th|o|ro|er|do)?\.?|(?P<word>{NUMBER})"
    r"|(?P<first>primero|primeiro|first))"
    rf"(?: (?:de|of|do)? ?|[/-])?(?P<month>{MONTH})\.?(?![a-z])(?:[/-](?P<y>20\d\d|\d\d)(?!\d)"
    rf"|{_YEAR})"
)
_MONTH_DAY = re.compile(
    rf"(?:(?:el|on|para|for|by) )?(?P<month>{MONTH})\.? (?P<d>\d{{1,2}})(?:st|nd|rd"
    rf"|th)?{_HOURLY}{_YEAR}"
)
_DAY_ONLY = re.compile(
    r"(?:(?:para|pra|for|by) )?"
    rf"(?:(?P<dia>(?:el |o |no |do |ao |al )?dia (?P<a>\d{{1,2}}|{NUMBER}|primero|primeiro))"
    r"|(?P<el>(?:el|al) (?P<b>\d{1,2}))|(?P<the>(?:on )?the (?P<c>\d{1,2})(?:st|nd|rd|th))"
    rf"|(?P<bare>(?P<e>\d{{1,2}})))(?:o|ro)?{_HOURLY}(?![a-z])"
    r"(?: (?:(?P<now>(?:de |of )?(?:este|deste|neste|this) (?:mes|month))"
    r"|(?P<next>(?:del? |do |of )?(?:(?:el )?proximo mes|mes que (?:viene|vem)|next month))))?"
    + END
)
_AHEAD = re.compile(
    r"(?:(?:de aqui a|daqui a|daqui|dentro de|dentro d'|en|em|in|within|de hoje a|de hoy en) )"
    r"(?=[\da-z])"
)
_FROM_NOW = re.compile(r" (?:from now|a partir de (?:ahora|agora)|from today)" + END)
_AGO = re.compile(r"(?:hace|ha|faz) (?=[\da-z])")
_AGO_AFTER = re.compile(r" (?:ago|atras)" + END)
_PLACE = re.compile(r"\(([^()\n]{2,40})\)|(utc|gmt|(?<=\d)z)(?![a-z\d+-])")


def weekdays(text: str, at: int, last: Piece | None) -> Iterator[FoundPiece]:
    """Yield the weekday named at position `at` of a folded text, if any."""
    found = _WEEKDAY.match(text, at)
    if not found:
        return
    said = (
        ("next", "next"),
        ("after", "next"),
        ("last", "last"),
        ("gone", "last"),
        ("this", "this"),
    )
    turn = next((turn for group, turn in said if found[group]), "")
    day = (
        int(found["nth"]) - 1 - 1 if found["nth"] else parse_weekday(found["day"] or found["short"])
    )
    yield Weekday(day, turn, weak=bool(found["short"] and not turn)), found.end()


def weeks(text: str, at: int, last: Piece | None) -> Iterator[FoundPiece]:
    """Yield the week named at position `at` of a folded text, if any."""
    if found := _WEEK.match(text, at):
        yield Week(1 if found["next"] else 0), found.end()


def relative_days(text: str, at: int, last: Piece | None) -> Iterator[FoundPiece]:
    """Yield the relative day named at position `at` of a folded text: today, tomorrow,
    yesterday."""
    if found := _NEAR.match(text, at):
        yield RelativeDay(_days_from_now(found), weak=found.group(0) == "hj"), found.end()


def read_near_day(word: str) -> int | None:
    """Return how many days from today a folded word names a day: -1 for yesterday; None for all
    other words."""
    found = _NEAR.fullmatch(word)
    return _days_from_now(found) if found else None


def _days_from_now(found: re.Match[str]) -> int:
    return next(days for name, days in _NEAR_DAYS.items() if found[name])


def day_parts(text: str, at: int, last: Piece | None) -> Iterator[FoundPiece]:
    """Yield the part of the day named at position `at` of a folded text, if any."""
    found = _PART.match(text, at)
    # "Mañana" alone is tomorrow; after a weekday it may be the morning ("viernes mañana 9h").
    if found and not (found.group(0) == "manana" and not isinstance(last, Weekday)):
        name = "day" if found["dia"] else "night" if found["night"] else _PARTS[found["name"]]
        yield DayPart(name), found.end()


def today_parts(text: str, at: int, last: Piece | None) -> Iterator[FoundPiece]:
    """Yield the part of today named at position `at` of a folded text: tonight, esta tarde."""
    if found := _TODAY_PART.match(text, at):
        name = "night" if found["night"] else _PARTS[found["part"]]
        yield DayPart("today " + name, weak=False), found.end()


def iso_dates(text: str, at: int, last: Piece | None) -> Iterator[FoundPiece]:
    """Yield the date written as `2026-12-31` at position `at` of the text, if there is one."""
    if found := _ISO.match(text, at):
        year, month, day = int(found[1]), int(found[3]), int(found[4])
        yield CalendarDay(day, month or 99, year, iso=True), found.end()


def numeric_dates(text: str, at: int, last: Piece | None) -> Iterator[FoundPiece]:
    """Yield the numeric date at position `at` of a folded text: 28/11, 28-11-2026."""
    if found := _NUMERIC.match(text, at):
        day, month, tail = int(found[1]), int(found[3]), found[4]
        year = 0 if not tail else int(tail) if len(tail) == 4 else 2000 + int(tail)
        fraction = (day, month) in _FRACTIONS
        weak = not year and (found["sep"] != "/" or fraction)
        yield CalendarDay(day, month or 99, year, weak=weak), found.end()


def day_months(text: str, at: int, last: Piece | None) -> Iterator[FoundPiece]:
    """Yield the day with month name at position `at` of a folded text: 28 de noviembre."""
    if found := _DAY_MONTH.match(text, at):
        day = 1 if found["first"] else parse_number(found["d"] or found["word"])
        year = int(found["year"] or found["y"] or 0)
        month = MONTHS[found["month"]]
        yield CalendarDay(day, month, year + 2000 if 0 < year < 100 else year), found.end()


def month_days(text: str, at: int, last: Piece | None) -> Iterator[FoundPiece]:
    """Yield the date in English order at position `at` of a folded text: November 28."""
    if found := _MONTH_DAY.match(text, at):
        piece = CalendarDay(int(found["d"]), MONTHS[found["month"]], int(found["year"] or 0))
        yield piece, found.end()


def day_only(text: str, at: int, last: Piece | None) -> Iterator[FoundPiece]:
    """Yield the day of a month at position `at` of a folded text: el día 5, the 5th."""
    found = _DAY_ONLY.match(text, at)
    if not found:
        return
    bare = bool(found["bare"])
    if bare and not (isinstance(last, Weekday) or found["now"] or found["next"]):
        return
    word = found["a"] or found["b"] or found["c"] or found["e"]
    day = 1 if word.startswith("prim") else parse_number(word)
    ahead = 0 if found["now"] else 1 if found["next"] else -1
    piece = CalendarDay(day, month_ahead=ahead, bare=bare and ahead < 0, weak=bool(found["el"]))
    yield piece, found.end()


def _offset(amount: Amount, sign: int, words: str) -> Offset:
    if not amount.coarse:
        return Offset(
            span=sign * amount.to_timedelta() + timedelta(days=0), months=sign * amount.months
        )
    days = int(amount.minutes) // 1440
    # "En ocho días" is a week and "em quinze dias" is two, in both tongues.
    fortnight = {8: (7,), 15: (14,)}.get(days, ()) if "dias" in words else ()
    return Offset(days=sign * days, months=sign * amount.months, loose=fortnight)


def offsets(text: str, at: int, last: Piece | None) -> Iterator[FoundPiece]:
    """Yield the length of time from now, or back, at position `at`: en dos horas, 3 days ago."""
    ahead = _AHEAD.match(text, at)
    back = _AGO.match(text, at)
    start = ahead.end() if ahead else back.end() if back else at
    amount = amount_at(text, start, clocks=True)
    if not amount:
        return
    words = text[start : amount.end]
    after = _FROM_NOW.match(text, amount.end)
    ago = _AGO_AFTER.match(text, amount.end)
    if back or ago:
        yield _offset(amount, -1, words), ago.end() if ago else amount.end
    elif ahead or after:
        yield _offset(amount, 1, words), after.end() if after else amount.end


def zone_pieces(text: str, at: int, last: Piece | None) -> Iterator[FoundPiece]:
    """Yield the time zone named at position `at` of a folded text, if any."""
    if found := _PLACE.match(text, at):
        zone = find_zone(found[1] or found[2])
        if isinstance(zone, str):
            yield ZonePiece(zone), found.end()


READERS: tuple[Callable[[str, int, Piece | None], Iterator[FoundPiece]], ...] = (
    weekdays,
    weeks,
    relative_days,
    today_parts,
    day_parts,
    iso_dates,
    numeric_dates,
    day_months,
    month_days,
    day_only,
    offsets,
    zone_pieces,
)
