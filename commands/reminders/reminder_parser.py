"""Parse what was typed into a date or rhythm and the reminder's text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.api import dates, fold

MOST_WORDS = 14
"""Limit of words of a rhythm."""

_JOIN = re.compile(r"(?:que|de|to|that|para|pra)\s+(?=\S)", re.IGNORECASE)
_PICTURES = re.compile(r"(?:^|(?<=[\w\s\"'.,;:!?)\]%€$]))[^\w\s\"'.,;:!?)\]%€$]+\s*$")
"""Emoji after a date: `lunes 7am 🙏`."""
_TOO_OFTEN = re.compile(
    r"(?:^|\s)(?:a cada|cada|every|todo|todos os|todos los)\s+(?:\S+\s+)?"
    r"(?:min|mins|minuto|minutos|minutes?|segundos?|seconds?|seg|sec)\b"
)


@dataclass(frozen=True, slots=True)
class Series:
    """A rhythm that was read. Several options if it is ambiguous."""

    options: tuple[dates.Recurrence, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """When, the phrase that says so, and the text, both as typed.

    `number` begins the text and may be the hour (`amanhã 7 comprar leite`): then `when` is asked.
    """

    when: dates.Reading | Series
    phrase: str
    text: str
    number: str = ""


def split(text: str, now: datetime, zone: str) -> Split | None:
    """Return the date or rhythm at the beginning, else at the end; None if there is none."""
    text = _PICTURES.sub("", text.strip())
    if rhythm := _rhythm_first(text, now, zone):
        return _rhythm_at(rhythm, now, zone) or rhythm
    if apart := _day_and_hour(text, now, zone):
        return apart
    found = dates.find(text, now, zone, joiners=True)
    if found is not None and text.lstrip("¿¡ \n").startswith(found.phrase):
        asked = _hour_or_words(text.lstrip("¿¡ \n"), found, now, zone)
        return asked or Split(found.reading, found.phrase, unquoted(found.rest))
    if rhythm := _rhythm_last(text, now, zone):
        return rhythm
    if found is None:
        return _length_first(text, now, zone)
    return Split(found.reading, found.phrase, unquoted(joined(found.rest)))


def _length_first(text: str, now: datetime, zone: str) -> Split | None:
    """Read a duration at the beginning (`5 min sacar la pizza`) as from now on."""
    found = dates.find(f"en {text}", now, zone, joiners=True) if text[:1].isdigit() else None
    if found is None or not found.phrase.startswith("en "):
        return None
    return Split(found.reading, found.phrase, unquoted(found.rest))


def _day_and_hour(text: str, now: datetime, zone: str) -> Split | None:
    """Read a day and a later hour (`mañana reunión a las 6pm`), which may only be part of the text.

    It is asked.
    """
    day = dates.find(joined(text), now, zone, joiners=True)
    if day is None or not isinstance(day.reading, dates.When) or day.reading.has_time:
        return None
    if not joined(text).startswith(day.phrase) or not (hour := _hour_at_end(day.rest, now, zone)):
        return None
    read = dates.read(f"{day.phrase} {hour}", now, zone)
    options = read.options if isinstance(read, dates.Doubtful) else (read,)
    clear = tuple(o for o in options if isinstance(o, dates.When) and o.has_time)
    return Split(dates.Doubtful((*clear, day.reading)), day.phrase, day.rest) if clear else None


def _rhythm_at(found: Split, now: datetime, zone: str) -> Split | None:
    """Read a rhythm and a later hour (`cada lunes reunión a las 6pm`). It is asked."""
    if not isinstance(found.when, Series) or any(o.has_time for o in found.when.options):
        return None
    hour = _hour_at_end(found.text, now, zone)
    timed = series(f"{found.phrase} {hour}", now, zone) if hour else None
    if timed is None:
        return None
    return Split(Series((*timed.options, *found.when.options)), found.phrase, found.text)


def _hour_at_end(text: str, now: datetime, zone: str) -> str | None:
    """Return the hour with which the text ends, if it names no day."""
    found = dates.find(text, now, zone)
    if found is None or not text.rstrip(" .!?,;").endswith(found.phrase):
        return None
    hour = re.fullmatch(
        r"(?:a las?|as|às|at|para las) .*|\d{1,2}(?::\d\d|h| ?[ap]\.?m).*", found.phrase, re.I
    )
    return found.phrase if hour else None


def _hour_or_words(text: str, found: dates.Found, now: datetime, zone: str) -> Split | None:
    """Offer a bare number after a day as an hour, and the day alone."""
    number = re.match(r" +(\d{1,2})(?: +(?=[^\W\d_])|\s*$)", text[len(found.phrase) :])
    day = found.reading
    if number is None or not isinstance(day, dates.When) or day.has_time:
        return None
    hours = dates.read(f"{found.phrase} a las {number[1]}", now, zone)
    options = hours.options if isinstance(hours, dates.Doubtful) else (hours,)
    clear = tuple(o for o in options if isinstance(o, dates.When) and o.has_time)
    if not clear:
        return None
    return Split(dates.Doubtful((*clear, day)), found.phrase, found.rest, number[1])


def too_often(text: str) -> bool:
    """Return whether the text asks to ring every few minutes."""
    return _TOO_OFTEN.search(fold(re.sub(r'"[^"]*"', " ", text))) is not None


def unquoted(text: str) -> str:
    """Return the text without quotes around the whole: the confirmation adds them."""
    text = text.strip()
    whole = re.fullmatch(r'"([^"]+)"', text)
    return whole[1].strip() if whole else text


def joined(text: str) -> str:
    """Return the text after a linking word: `que vengan`, `to call`."""
    text = text.strip(" ;,\n")
    start = _JOIN.match(text)
    return text[start.end() :] if start else text


def series(phrase: str, now: datetime, zone: str) -> Series | None:
    """Return the rhythm if the whole phrase is one."""
    read = dates.recurrence(phrase, now, zone)
    if isinstance(read, dates.Recurrence):
        return Series((read,))
    return Series(read.options) if isinstance(read, dates.DoubtfulSeries) else None


def _rhythm_first(text: str, now: datetime, zone: str) -> Split | None:
    """Return the longest rhythm with which the text begins, and the rest."""
    head = re.split(r'[;"\n]', text, maxsplit=1)[0]
    for end in reversed(list(_ends(head))):
        phrase = head[:end].strip(" ,:-")
        if found := series(phrase, now, zone):
            rest = joined(text[end:].lstrip(" ;:,-\n"))
            return Split(found, phrase, unquoted(rest))
    return None


def _rhythm_last(text: str, now: datetime, zone: str) -> Split | None:
    """Return the longest rhythm with which the text ends, and the rest."""
    base = max(text.rfind('"'), text.rfind(";"), text.rfind("\n")) + 1
    starts = [base + m.start() for m in re.finditer(r"\S+", text[base:])][-MOST_WORDS:]
    for start in starts:
        phrase = text[start:].strip(" ,.")
        if found := series(phrase, now, zone):
            return Split(found, phrase, unquoted(joined(text[:start].strip())))
    return None


def _ends(head: str) -> Iterator[int]:
    for count, word in enumerate(re.finditer(r"\S+", head)):
        if count == MOST_WORDS:
            return
        yield word.end()
