"""Times of day: how they are written, and which minutes of the day they can mean."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.dates.pieces import _PART, FoundPiece
from bot.dates.readings import ClockTime, DayPart, Piece
from bot.dates.words import HOUR, HOURS, parse_number

_BEFORE = r"(?:(?P<pre>a las?|para las?|las|as|at|by|ao?(?= ?(?:0|1)h| ?(?:meio|medio|meia))|@) ?)?"
_PLUS = {
    "y media": 30,
    "e meia": 30,
    "y cuarto": 15,
    "e quinze": 15,
    "y quince": 15,
    "menos cuarto": -15,
    "y treinta": 30,
    "e trinta": 30,
    "thirty": 30,
    "fifteen": 15,
    "forty five": 45,
    "forty-five": 45,
    "y diez": 10,
    "e dez": 10,
    "y veinte": 20,
    "e vinte": 20,
    "y cinco": 5,
    "e cinco": 5,
    "y cuarenta": 40,
    "e quarenta": 40,
    "y cuarenta y cinco": 45,
    "e quarenta e cinco": 45,
    "y veinticinco": 25,
    "e vinte e cinco": 25,
    "y cincuenta": 50,
    "e cinquenta": 50,
    "menos diez": -10,
    "menos veinte": -20,
    "menos cinco": -5,
    "menos veinticinco": -25,
}
_FRACTION = "|".join(sorted(_PLUS, key=len, reverse=True))
_UNIT = r"(?:hs?|hrs?|horas?|hours?)(?![a-z])"
_SHARP = r"(?: ?(?P<sharp>o'?clock|en punto|em ponto|sharp)(?![a-z]))?"
_HALF = r"(?: ?(?P<half>[ap])\.? ?m(?:\.|(?![a-z]))| ?(?P<noon>m\.?)(?![a-z.]))?"
_END = r"(?![a-z\d])(?![:/.-]\d)"
_CLOCK = re.compile(
    rf"{_BEFORE}(?:(?P<h>\d{{1,2}})(?:(?P<sep>[:.h])(?P<m>\d\d)(?!\d)(?::00(?!\d))?(?: ?"
    rf"(?P<mu>{_UNIT}|min))?"
    rf"|(?P<u> ?{_UNIT}))?|(?P<word>{HOUR})(?![a-z])(?P<wu> ?(?:horas|hours)(?![a-z]))?)"
    rf"(?: (?P<f>{_FRACTION})(?![a-z]))?{_SHARP}{_HALF}{_END}"
)
_NAMED = re.compile(
    r"(?:(?:al?|ao|at|a la|by) )?(?:(?P<noon>mediodia|medio dia|meio[ -]?dia|noon|midday)"
    r"|(?P<night>medianoche|media noche|meia[ -]?noite|midnight))(?: (?P<f>y media|e meia))?" + _END
)
_TO = re.compile(
    r"(?:(?:a|as|at) )?(?P<q>(?:un |a )?(?:cuarto|quarter)|quinze|half|\d{1,2}|diez|dez|ten|veinte"
    r"|vinte|twenty|cinco|five)(?: minutos| minutes)? (?P<way>para (?:las?|as?)|pras?|to|past)"
    rf" (?:(?P<h>\d{{1,2}})|(?P<word>{HOUR}))(?![\d:.h]){_HALF}{_END}"
)

_ONLY_DAY = re.compile(r" (?:tomorrow|tmrw?|today|tonight|amanha|hoje|hoy)[.!]?")
"""Behind a bare number that is the hour, if the two are all that was said: `5 tomorrow`."""


def clocks(text: str, at: int, last: Piece | None) -> Iterator[FoundPiece]:
    """Yield the times of day that begin at position `at` of a folded text, each with the position
    of its end."""
    if named := _NAMED.match(text, at):
        yield (
            ClockTime(0, 30 if named["f"] else 0, "noon" if named["noon"] else "midnight"),
            named.end(),
        )
    if to := _TO.match(text, at):
        yield _to(to), to.end()
    found = _CLOCK.match(text, at)
    if found and (clock := _clock(found, text)):
        yield clock, found.end()


def _to(found: re.Match[str]) -> ClockTime:
    """Return a relative time: quarter to six, 10 para las 6, half past five."""
    word = found["q"].removeprefix("un ").removeprefix("a ")
    minutes = {"cuarto": 15, "quarter": 15, "half": 30}.get(word) or parse_number(word)
    hour = int(found["h"]) if found["h"] else HOURS[found["word"]]
    sign = 1 if found["way"] == "past" else -1
    return ClockTime(
        hour, sign * minutes, (found["half"] or "open") + ("m" if found["half"] else "")
    )


def _clock(found: re.Match[str], text: str) -> ClockTime | None:
    minutes = int(found["m"] or 0) + _PLUS.get(found["f"] or "", 0)
    said = found["sep"] or found["u"] or found["f"] or found["sharp"] or found["half"]
    if found["noon"]:
        if not found["h"] or int(found["h"]) != 12:  # "12 m" is noon; "5 m" is five minutes
            return None
        return ClockTime(0, minutes, "noon")
    if found["word"] in ("once", "a") and found["pre"] == "at":
        return None
    hour = int(found["h"]) if found["h"] else HOURS[found["word"]]
    long_unit = (found["u"] or found["wu"] or "").strip() in ("horas", "hora", "hours", "hour")
    if long_unit and not found["pre"] and hour < 13 and not _part_follows(text, found.end()):
        return None  # "2 horas" is a duration
    alone = found.start() == 0 and _ONLY_DAY.fullmatch(text, found.end()) is not None
    if not (said or found["pre"] or alone or _part_follows(text, found.end())):
        return None
    weak = found["sep"] == "." or (found["pre"] in ("las", "as", "para las", "by") and not said)
    return ClockTime(hour, minutes, _mark(found, hour), weak)


def _part_follows(text: str, end: int) -> bool:
    return bool(_PART.match(text, end + 1 if text[end : end + 1] == " " else end))


def _mark(found: re.Match[str], hour: int) -> str:
    """Return how unambiguous the notation is.

    With `h` people count to 24 except for the small hours, and also in 10:00 and 11:30.
    """
    if found["half"]:
        return "am" if found["half"] == "a" else "pm"
    digits = found["h"] or ""
    if hour == 0 or hour > 12:
        return "full"
    if digits.startswith("0"):
        return "zero"
    if found["sep"] == "h" or (found["u"] or found["mu"] or "").strip().startswith("h"):
        return "h" if hour < 7 else "usual"
    if found["sep"] and not found["f"] and hour >= 10:
        return "usual"
    return "open"


_RANGES = {
    "morning": (60, 720),
    "afternoon": (720, 1260),
    "evening": (1020, 1440),
    "night": (1080, 1440),
    "small": (0, 420),
    "day": (600, 1020),
}
"""Minutes of the day that each part can mean."""
TYPICAL = {
    "morning": (9, 10, 11, 8),
    "afternoon": (15, 17, 16, 18),
    "evening": (19, 20, 18, 21),
    "night": (19, 20, 21, 22),
    "small": (5, 4),
    "day": (12, 14),
}
"""Hours to offer if only a part of the day is given."""


def minutes_of(clock: ClockTime, part: DayPart | None, *, iso: bool = False) -> tuple[int, ...]:
    """Return the minutes after 00:00 that a time can mean, likeliest first.

    From 1440 on they are on the next day. Empty if there is no such time. Hours 1–11 without a half
    of the day are ambiguous, and so is midnight, which may start or end the day.
    """
    if clock.hour > 24 or not -60 < clock.minutes < 60 or (clock.hour == 24 and clock.minutes):
        return ()
    total = clock.hour * 60 + clock.minutes
    name = part.name.removeprefix("today ") if part else ""
    if clock.mark in ("noon", "midnight"):
        return _minutes_of_word(clock, name)
    if name:
        return _in_part(clock, total, name)
    if clock.mark in ("am", "pm"):
        return _halves(clock, total)
    if iso or clock.mark in ("full", "zero", "usual") or (clock.mark == "h" and clock.hour == 12):
        return (total,)
    if clock.hour == 12:
        return (total, total + 720)
    both = (total, total + 720)
    return both if total >= 420 else both[::-1]


def _minutes_of_word(clock: ClockTime, part: str) -> tuple[int, ...]:
    if clock.mark == "noon":
        return (720 + clock.minutes,) if part in ("", "day") else ()
    return (clock.minutes, 1440 + clock.minutes) if part in ("", "night") else ()


def _halves(clock: ClockTime, total: int) -> tuple[int, ...]:
    if clock.hour > 12:
        return (total,) if clock.mark == "pm" and clock.hour < 24 else ()
    if clock.hour == 0:
        return (total,) if clock.mark == "am" else ()
    if clock.mark == "pm":
        return (total % 720 + 720,)
    if clock.hour == 12 and total >= 720:  # 12 am: the night before, or after?
        return (total - 720, total + 720)
    return (total % 720,)


def _in_part(clock: ClockTime, total: int, part: str) -> tuple[int, ...]:
    first, end = _RANGES[part]
    if clock.hour == 12 and part in ("night", "small") and clock.mark != "pm":
        return (total - 720, total + 720)
    twelve = clock.hour <= 12 and clock.hour > 0
    options: tuple[int, ...] = (total % 720, total % 720 + 720) if twelve else (total,)
    if clock.mark in ("am", "pm"):
        options = _halves(clock, total)
    return tuple(t for t in options if first <= t < end)
