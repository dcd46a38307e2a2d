"""Parse `2h a @ana clases de guitarra` into minutes, person and purpose. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.api import ADDRESS, UserId, called, dates, fold, local

_TO = frozenset(("a", "al", "para", "pra", "to", "por", "ao"))
_FROM = frozenset(("de", "da", "do", "from"))
_AND = frozenset(("", "y", "e", "and"))
_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)\s{0,3}(?:h|hs|horas?|hours?)?")
_PLAIN = re.compile(
    r"(\d{1,3})(?:[.,](\d{1,2}))?\s{0,3}(?:h|hs|horas?|hours?)?"
    r"(\s{1,3}(?:y|e|and a)\s{1,3}(?:media|meia|half))?"
)
_ABOUT = re.compile(r"^(?:[,;:\-–—]|(?:por|para|pela|pelo|for)(?=\s))\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """What was typed. `gives`: the writer gives the hours, or None if that is open.

    `minutes` and `person` are None if missing.
    """

    minutes: int | None
    person: UserId | None
    gives: bool | None
    what: str
    unknown: str = ""
    several: bool = False


def read(text: str, pills: Mapping[UserId, str], names: Mapping[UserId, str]) -> Said:
    """Read the line. `pills` are people mentioned, by the names they show; `names` are possible
    people."""
    found = list(_handles(text, pills, names))
    if not found:
        amount, what = _amount_first(text)
        return Said(amount, None, None, what)
    start, end, person, handle = found[0]
    before, word = _last_word(text[:start])
    gives = True if fold(word) in _TO else False if fold(word) in _FROM else None
    amount, rest = _amount_first(before if gives is not None else text[:start])
    what = " ".join(f"{rest} {_ABOUT.sub('', text[end:].strip())}".split()).strip(" ,;:.")
    several = len(found) > 1 and fold(text[end : found[1][0]].strip(" ,;&+")) in _AND
    return Said(amount, person, gives, what, "" if person else handle, several)


def _handles(
    text: str, pills: Mapping[UserId, str], names: Mapping[UserId, str]
) -> list[tuple[int, int, UserId | None, str]]:
    """Return where people are named, in the order of the line."""
    found: list[tuple[int, int, UserId | None, str]] = []
    for person, name in pills.items():
        for form in filter(None, (person, name, local(person))):
            if match := re.search(rf"(?<!\w)@?{re.escape(form)}(?!\w)", text, re.IGNORECASE):
                found.append((match.start(), match.end(), person, name))
                break
    for match in re.finditer(rf"{ADDRESS.pattern}|(?<!\S)@[\w.\-]{{0,40}}\w", text):
        if any(start <= match.start() < end for start, end, *_rest in found):
            continue
        said = match[0]
        who = UserId(said) if ":" in said else called(said[1:], names)
        found.append((match.start(), match.end(), who, said))
    return sorted(found, key=lambda one: one[0])


def _last_word(text: str) -> tuple[str, str]:
    head, _sep, last = text.rstrip().rpartition(" ")
    return head, last


def _amount_first(text: str) -> tuple[int | None, str]:
    """Return the duration at the beginning in minutes, and the rest."""
    text = text.strip()
    words = text.split()
    for count in range(min(len(words), 6), 0, -1):
        minutes = amount(" ".join(words[:count]))
        if minutes is not None:
            return minutes, " ".join(words[count:])
    return None, text


def amount(text: str) -> int | None:
    """Return the minutes of `2`, `2,5`, `1:30`, `90 min` or `2 horas y media`, or None."""
    said = fold(text).strip(" ,;:.")
    if match := _CLOCK.fullmatch(said):
        return int(match[1]) * 60 + int(match[2])
    if match := _PLAIN.fullmatch(said):
        part = round(float(f"0.{match[2]}") * 60) if match[2] else 0
        return int(match[1]) * 60 + part + (30 if match[3] else 0)
    long = dates.duration(said)
    if long is None or long % timedelta(minutes=1):
        return None
    return int(long.total_seconds()) // 60
