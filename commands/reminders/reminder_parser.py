"""Parse what was typed into a date or rhythm and the reminder's text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.api import dates, fold, fold_in_place

MOST_WORDS = 14
"""Limit of words of a rhythm."""

_LINKING_WORD = re.compile(r"(?:que|de|to|that|para|pra)\s+(?=\S)", re.IGNORECASE)
_TRAILING_EMOJI = re.compile(r"(?:^|(?<=[\w\s\"'.,;:!?)\]%€$]))[^\w\s\"'.,;:!?)\]%€$]+\s*$")
"""Emoji after a date: `lunes 7am 🙏`."""
_EARLY = re.compile(
    r"[\s,]*(?:(?:bien|muy|bem|muito|very) )?(?:tempran(?:o|ito)|ced(?:o|inho)|early)\b"
)
_EARLY_HOURS = ("6am", "7am", "8am")
_TOO_OFTEN = re.compile(
    r"(?:^|\s)(?:a cada|cada|every|todo|todos os|todos los)\s+(?:\S+\s+)?"
    r"(?:min|mins|minuto|minutos|minutes?|segundos?|seconds?|seg|sec)\b"
)


@dataclass(frozen=True, slots=True)
class ReadSeries:
    """A rhythm that was read. Several options if it is ambiguous."""

    options: tuple[dates.Recurrence, ...]


@dataclass(frozen=True, slots=True)
class ReadReminder:
    """When, the phrase that says so, and the text, both as typed.

    `number` begins the text and may be the hour (`amanhã 7 comprar leite`): then `when` is asked.
    """

    when: dates.Reading | ReadSeries
    phrase: str
    text: str
    number: str = ""


def read_reminder(text: str, now: datetime, zone: str) -> ReadReminder | None:
    """Return the date or rhythm at the beginning of a text, else at its end, and the rest; None if
    there is none."""
    text = _TRAILING_EMOJI.sub("", text.strip())
    if rhythm := _leading_series(text, now, zone):
        return _ambiguous_series_hour(rhythm, now, zone) or rhythm
    if apart := _ambiguous_hour(text, now, zone):
        return apart
    found = dates.find_date(text, now, zone, joiners=True)
    if found is not None and text.lstrip("¿¡ \n").startswith(found.phrase):
        asked = _early(found, now, zone) or _ambiguous_number(
            text.lstrip("¿¡ \n"), found, now, zone
        )
        return asked or ReadReminder(found.reading, found.phrase, strip_quotes(found.rest))
    if rhythm := _trailing_series(text, now, zone):
        return rhythm
    if found is None:
        return _leading_duration(text, now, zone)
    return ReadReminder(found.reading, found.phrase, strip_quotes(strip_linking_word(found.rest)))


def _leading_duration(text: str, now: datetime, zone: str) -> ReadReminder | None:
    """Read a duration at the beginning (`5 min sacar la pizza`) as from now on."""
    found = dates.find_date(f"en {text}", now, zone, joiners=True) if text[:1].isdigit() else None
    if found is None or not found.phrase.startswith("en "):
        return None
    return ReadReminder(found.reading, found.phrase, strip_quotes(found.rest))


def _ambiguous_hour(text: str, now: datetime, zone: str) -> ReadReminder | None:
    """Read a day and a later hour (`mañana reunión a las 6pm`), which may only be part of the text.

    It is asked.
    """
    day = dates.find_date(strip_linking_word(text), now, zone, joiners=True)
    if day is None or not isinstance(day.reading, dates.ZonedTime) or day.reading.has_time:
        return None
    if not strip_linking_word(text).startswith(day.phrase) or not (
        hour := _trailing_hour(day.rest, now, zone)
    ):
        return None
    read = dates.read_date(f"{day.phrase} {hour}", now, zone)
    options = read.options if isinstance(read, dates.AmbiguousDate) else (read,)
    clear = tuple(o for o in options if isinstance(o, dates.ZonedTime) and o.has_time)
    return (
        ReadReminder(dates.AmbiguousDate((*clear, day.reading)), day.phrase, day.rest)
        if clear
        else None
    )


def _ambiguous_series_hour(found: ReadReminder, now: datetime, zone: str) -> ReadReminder | None:
    """Read a rhythm and a later hour (`cada lunes reunión a las 6pm`). It is asked."""
    if not isinstance(found.when, ReadSeries) or any(o.has_time for o in found.when.options):
        return None
    hour = _trailing_hour(found.text, now, zone)
    timed = read_series(f"{found.phrase} {hour}", now, zone) if hour else None
    if timed is None:
        return None
    return ReadReminder(ReadSeries((*timed.options, *found.when.options)), found.phrase, found.text)


def _trailing_hour(text: str, now: datetime, zone: str) -> str | None:
    """Return the hour with which the text ends, if it names no day."""
    found = dates.find_date(text, now, zone)
    if found is None or not text.rstrip(" .!?,;").endswith(found.phrase):
        return None
    hour = re.fullmatch(
        r"(?:a las?|as|às|at|para las) .*|\d{1,2}(?::\d\d|h| ?[ap]\.?m).*", found.phrase, re.I
    )
    return found.phrase if hour else None


def _ambiguous_number(
    text: str, found: dates.DatePhrase, now: datetime, zone: str
) -> ReadReminder | None:
    """Offer a bare number after a day as an hour, and the day alone."""
    number = re.match(r" +(\d{1,2})(?: +(?=[^\W\d_])|\s*$)", text[len(found.phrase) :])
    day = found.reading
    if number is None or not isinstance(day, dates.ZonedTime) or day.has_time:
        return None
    hours = dates.read_date(f"{found.phrase} a las {number[1]}", now, zone)
    options = hours.options if isinstance(hours, dates.AmbiguousDate) else (hours,)
    clear = tuple(o for o in options if isinstance(o, dates.ZonedTime) and o.has_time)
    if not clear:
        return None
    return ReadReminder(dates.AmbiguousDate((*clear, day)), found.phrase, found.rest, number[1])


def _early(found: dates.DatePhrase, now: datetime, zone: str) -> ReadReminder | None:
    """Offer three hours of the morning for a day with `early` behind it; take one that follows."""
    early = _EARLY.match(fold_in_place(found.rest))
    day = found.reading
    if early is None or not isinstance(day, dates.ZonedTime) or day.has_time:
        return None
    timed = dates.find_date(f"{found.phrase}{found.rest[early.end() :]}", now, zone, joiners=True)
    if timed is not None and len(timed.phrase) > len(found.phrase):
        return ReadReminder(timed.reading, timed.phrase, strip_quotes(timed.rest))
    hours = [dates.read_date(f"{found.phrase} {hour}", now, zone) for hour in _EARLY_HOURS]
    clear = tuple(one for one in hours if isinstance(one, dates.ZonedTime) and one.has_time)
    if not clear:
        return None
    rest = strip_linking_word(found.rest[early.end() :])
    return ReadReminder(dates.AmbiguousDate(clear), found.phrase, strip_quotes(rest))


def asks_for_minutes(text: str) -> bool:
    """Return whether the text asks for a reminder every few minutes."""
    return _TOO_OFTEN.search(fold(re.sub(r'"[^"]*"', " ", text))) is not None


def strip_quotes(text: str) -> str:
    """Return the text without quotes around the whole of it."""
    text = text.strip()
    whole = re.fullmatch(r'"([^"]+)"', text)
    return whole[1].strip() if whole else text


def strip_linking_word(text: str) -> str:
    """Return the text after a linking word such as `que` or `to`: `que vengan`, `to call`."""
    text = text.strip(" ;,\n")
    start = _LINKING_WORD.match(text)
    return text[start.end() :] if start else text


def read_series(phrase: str, now: datetime, zone: str) -> ReadSeries | None:
    """Return the rhythm of a series if it is the whole phrase, else None."""
    read = dates.read_recurrence(phrase, now, zone)
    if isinstance(read, dates.Recurrence):
        return ReadSeries((read,))
    return ReadSeries(read.options) if isinstance(read, dates.AmbiguousSeries) else None


def _leading_series(text: str, now: datetime, zone: str) -> ReadReminder | None:
    """Return the longest rhythm with which the text begins, and the rest."""
    head = re.split(r'[;"\n]', text, maxsplit=1)[0]
    for end in reversed(list(_word_ends(head))):
        phrase = head[:end].strip(" ,:-")
        if found := read_series(phrase, now, zone):
            rest = strip_linking_word(text[end:].lstrip(" ;:,-\n"))
            return ReadReminder(found, phrase, strip_quotes(rest))
    return None


def _trailing_series(text: str, now: datetime, zone: str) -> ReadReminder | None:
    """Return the longest rhythm with which the text ends, and the rest."""
    base = max(text.rfind('"'), text.rfind(";"), text.rfind("\n")) + 1
    starts = [base + m.start() for m in re.finditer(r"\S+", text[base:])][-MOST_WORDS:]
    for start in starts:
        phrase = text[start:].strip(" ,.")
        if found := read_series(phrase, now, zone):
            return ReadReminder(
                found, phrase, strip_quotes(strip_linking_word(text[:start].strip()))
            )
    return None


def _word_ends(head: str) -> Iterator[int]:
    for count, word in enumerate(re.finditer(r"\S+", head)):
        if count == MOST_WORDS:
            return
        yield word.end()
