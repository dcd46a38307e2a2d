"""Parse `2h a @ana clases de guitarra` into minutes, person and purpose. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.api import UserId, dates, expand_links, find_people, fold

_TO_WORDS = frozenset(("a", "al", "para", "pra", "to", "por", "ao"))
_FROM_WORDS = frozenset(("de", "da", "do", "from"))
_AND_WORDS = frozenset(("", "y", "e", "and"))
_HOURS_MINUTES = re.compile(r"(\d{1,2}):([0-5]\d)\s{0,3}(?:h|hs|horas?|hours?)?")
_DECIMAL_HOURS = re.compile(
    r"(\d{1,3})(?:[.,](\d{1,2}))?\s{0,3}(?:h|hs|horas?|hours?)?"
    r"(\s{1,3}(?:y|e|and a)\s{1,3}(?:media|meia|half))?"
)
_PURPOSE_PREFIX = re.compile(r"^(?:[,;:\-–—]|(?:por|para|pela|pelo|for)(?=\s))\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HoursRequest:
    """What was typed. `gives`: the writer gives the hours, or None if that is open.

    `minutes` and `person` are None if missing.
    """

    minutes: int | None
    person: UserId | None
    gives: bool | None
    what: str
    unknown: str = ""
    several: bool = False


def read_hours(text: str, pills: Mapping[UserId, str], names: Mapping[UserId, str]) -> HoursRequest:
    """Return the hours, the direction and the person that a line names.

    `pills` are people mentioned, by the names they show; `names` are possible people.
    """
    text = expand_links(text)
    found = sorted(find_people(text, pills, names), key=lambda one: one.start)
    found = [one for one in found if one.end]
    if not found:
        amount, what = _split_amount(text)
        return HoursRequest(amount, None, None, what)
    start, end, person = found[0].start, found[0].end, found[0].user
    before, word = _last_word(text[:start])
    gives = True if fold(word) in _TO_WORDS else False if fold(word) in _FROM_WORDS else None
    amount, rest = _split_amount(before if gives is not None else text[:start])
    what = " ".join(f"{rest} {_PURPOSE_PREFIX.sub('', text[end:].strip())}".split()).strip(" ,;:.")
    several = len(found) > 1 and fold(text[end : found[1].start].strip(" ,;&+")) in _AND_WORDS
    return HoursRequest(amount, person, gives, what, "" if person else found[0].typed, several)


def _last_word(text: str) -> tuple[str, str]:
    head, _sep, last = text.rstrip().rpartition(" ")
    return head, last


def _split_amount(text: str) -> tuple[int | None, str]:
    """Return the duration at the beginning in minutes, and the rest."""
    text = text.strip()
    words = text.split()
    for count in range(min(len(words), 6), 0, -1):
        minutes = read_minutes(" ".join(words[:count]))
        if minutes is not None:
            return minutes, " ".join(words[count:])
    return None, text


def read_minutes(text: str) -> int | None:
    """Return the number of minutes in `2`, `2,5`, `1:30`, `90 min` or `2 horas y media`, or
    None."""
    said = fold(text).strip(" ,;:.")
    if match := _HOURS_MINUTES.fullmatch(said):
        return int(match[1]) * 60 + int(match[2])
    if match := _DECIMAL_HOURS.fullmatch(said):
        part = round(float(f"0.{match[2]}") * 60) if match[2] else 0
        return int(match[1]) * 60 + part + (30 if match[3] else 0)
    long = dates.read_duration(said)
    if long is None or long % timedelta(minutes=1):
        return None
    return int(long.total_seconds()) // 60
