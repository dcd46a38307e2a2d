"""Durations: `2h`, `1 hora y media`, `half an hour`, `3 semanas`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from bot.dates.words import MOST_CHARACTERS, NUMBER, fold_plain, parse_number, pattern_of

_UNITS = {
    "seconds": "segundos segundo seconds second secs sec",
    "minutes": "minutos minuto minutes minute minutinhos minuticos mins min m",
    "hours": "horas hora hours hour hrs hr hs h",
    "days": "dias dia days day d",
    "weeks": "semanas semana weeks week w",
    "months": "meses mes months month",
    "years": "anos ano years year",
}
_NAMED = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_MINUTES = {"seconds": 1 / 60, "minutes": 1, "hours": 60, "days": 1440, "weeks": 10080}
_UNIT = pattern_of(_NAMED)
_AND = r"(?:,? (?:y|e|and) (?:a |an )?|, ?| )?"
_TERM = re.compile(
    rf"(?:(?P<half>media|meia|half)(?: an?)?|(?P<quarter>(?:un )?cuarto de|a quarter of an)"
    rf"|(?P<n>\d{{1,4}})(?:[.,](?P<tenth>\d))?|(?P<word>{NUMBER}|an?)(?![a-z])|(?P<none>(?=hora )))"
    rf" ?(?P<unit>{_UNIT})(?![a-z])(?:(?<=\dh)(?P<glued>\d{{2}})(?:min|m)?(?![a-z\d]))?"
    rf"(?P<and>,? (?:y|e|and) (?:a )?(?P<more>media?|medio|meia|meio|half|cuarto)(?![a-z]))?"
)
_GLUED = re.compile(r"(\d{1,2})h(\d{2})(?:min|m)?(?![a-z\d])")
_JOIN = re.compile(_AND)
_CLOCK = re.compile(r",? (?:[01]?\d|2[0-3])(?:h[0-5]\d| ?h|hs|hrs)(?![a-z\d])")
"""After whole days `19h` is a time of day; `3 horas`, `y 3h` and `1d 12h` are durations."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A duration as written. `months` have no fixed length; `coarse`: whole days or longer."""

    minutes: float
    months: int
    coarse: bool
    end: int

    def to_timedelta(self) -> timedelta:
        """Return the duration of the days, hours and minutes; the months are left out."""
        return timedelta(seconds=round(self.minutes * 60))


def _value(found: re.Match[str]) -> float:
    if found["half"]:
        return 0.5
    if found["quarter"]:
        return 0.25
    if found["n"]:
        return int(found["n"]) + int(found["tenth"] or 0) / 10
    return (
        1
        if found["none"] is not None or found["word"] in ("a", "an")
        else parse_number(found["word"])
    )


def _term(found: re.Match[str]) -> Amount | None:
    unit, value = _NAMED[found["unit"]], _value(found)
    if found["and"]:
        if value != int(value):
            return None
        value += 0.25 if found["more"] == "cuarto" else 0.5
    coarse = unit in ("days", "weeks", "months", "years")
    if unit in ("months", "years"):
        months = value * (12 if unit == "years" else 1)
        whole = months == int(months)
        return Amount(0, int(months), coarse, found.end()) if whole else None
    return Amount(value * _MINUTES[unit], 0, coarse and value == int(value), found.end())


def amount_at(text: str, start: int, *, clocks: bool = False) -> Amount | None:
    """Return the longest duration that begins at position `start` of a folded text, or None.

    With `clocks`, for dates, `20 días 19h` is twenty days, followed by a time of day.
    """
    glued = _GLUED.match(text, start)
    if glued:
        minutes = int(glued[1]) * 60 + int(glued[2])
        return Amount(minutes, 0, False, glued.end())
    total: Amount | None = None
    at = start
    while found := _TERM.match(text, at):
        term = _term(found)
        if term is None or (total and found["none"] is not None):
            break
        total = Amount(
            term.minutes + (total.minutes if total else 0),
            term.months + (total.months if total else 0),
            term.coarse and (total is None or total.coarse),
            term.end,
        )
        day = clocks and total.coarse and len(found["unit"]) > 1
        if day and _CLOCK.match(text, term.end):
            break
        joined = _JOIN.match(text, term.end)
        at = joined.end() if joined else term.end
    return total


def read_duration(text: str) -> timedelta | None:
    """Return the duration that the whole text means in es, pt or en, or None.

    Months and years have no fixed length, so are None, like zero and more than ten years.
    """
    folded = fold_plain(text)[: MOST_CHARACTERS + 1].strip(" .")
    amount = amount_at(folded, 0)
    if not amount or amount.end != len(folded) or amount.months or len(folded) > MOST_CHARACTERS:
        return None
    return amount.to_timedelta() if 0 < amount.minutes <= 3653 * 1440 else None
