"""Parse `@ana comprar pan para el viernes` into who, what and when. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.api import (
    UserId,
    cut_people,
    dates,
    expand_links,
    find_people,
    find_person,
    fold,
    has_handle,
)

_LEADING = re.compile(r"([^\W\d_][\w' .\-]{0,38}?)\s*:\s+(?=\S)")
_MYSELF = re.compile(r"(?:yo|eu)(?=[\s:,])[:,]?\s*|(?:me|i)\s*:\s*", re.IGNORECASE)
_LINKING_START = re.compile(r"^(?:\s|[,;:+&)\]-]|(?:y|e|and|con|com|with)(?=\s))+", re.IGNORECASE)
_LINKING_END = frozenset(
    ("y", "e", "and", "para", "pra", "a", "con", "com", "with", "for", "to", "de", "of")
)
_EMPTY = re.compile(r"\(\s*[,y]?\s*\)")
_GENITIVE = re.compile(r"(?:de|del|da|do|of|des?de|from|since)\s", re.IGNORECASE)
_DUE_WORDS = frozenset(
    (
        *("antes", "hasta", "ate", "until", "before", "due", "para", "pra", "plazo", "prazo"),
        *("fecha", "data", "date", "cuando", "quando", "when"),
    )
)
_EDGES = " \t\n,;:+&([-"
_DUE_PREFIX = re.compile(r"(?<![^\s])(?:para|pra|antes|hasta|até|ate|by|until|before|due)\s", re.I)


@dataclass(frozen=True, slots=True)
class PeopleNamed:
    """Who is named in a line, and the rest of it. `unknown`: handles of nobody here."""

    people: tuple[UserId, ...]
    text: str
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DatedText:
    """What is to be done and by when. `lost`: a phrase meant as a date that cannot be kept."""

    text: str
    when: dates.ZonedTime | dates.AmbiguousDate | None = None
    lost: str = ""


def needs_names(text: str) -> bool:
    """Return whether the display names of the room's people are needed to read whom a task
    names."""
    return has_handle(text) or _LEADING.match(text) is not None


def read_people(
    text: str, me: UserId, meant: Mapping[UserId, str], names: Mapping[UserId, str]
) -> PeopleNamed:
    """Return the people whom the text of a task names.

    `me` is the writer; `meant` are pills with the names they show; `names` are those of everybody
    in the room.
    """
    text = expand_links(text.strip())
    every = find_people(text, meant, names, me)
    found = [one.user for one in every if one.user is not None]
    unknown = [one.typed[1:] for one in every if one.user is None]
    rest = cut_people(text, (one for one in every if one.user is not None)).strip()
    if not found:
        first, rest = _split_leading_name(rest, me, names)
        found += [first] if first else []
    if found:
        rest = _strip_end(_LINKING_START.sub("", _EMPTY.sub(" ", rest)), _LINKING_END)
    return PeopleNamed(tuple(dict.fromkeys(found)), " ".join(rest.split()), tuple(unknown))


def _split_leading_name(
    text: str, me: UserId, names: Mapping[UserId, str]
) -> tuple[UserId | None, str]:
    """Split off a leading name: `Ana: comprar pan`, `yo compro pan`."""
    if match := _MYSELF.match(text):
        return me, text[match.end() :]
    if (match := _LEADING.match(text)) and (person := find_person(match[1], names)):
        return person, text[match.end() :]
    return None, text


def _strip_end(text: str, ends: frozenset[str]) -> str:
    """Remove trailing signs and linking words before what was cut off."""
    while True:
        text = text.rstrip(_EDGES)
        head, _sep, last = text.rpartition(" ")
        if fold(last) not in ends:
            return text
        text = head


def split_date(text: str, now: datetime, zone: str) -> DatedText:
    """Return the date at the end or beginning of a task's text, and the rest. `la fiesta del
    viernes` has no date."""
    found = dates.find_date(text, now, zone)
    if found is None or _is_mention(found):
        return DatedText(text)
    if not isinstance(found.reading, dates.ZonedTime | dates.AmbiguousDate):
        asked = isinstance(found.reading, dates.UnreadableDate) or _DUE_PREFIX.match(found.phrase)
        return DatedText(text, lost=found.phrase if asked else "")
    rest = _strip_end(found.rest, _DUE_WORDS).strip()
    return DatedText(rest, found.reading) if rest else DatedText(text)


def _is_mention(found: dates.DatePhrase) -> bool:
    said = found.rest.rstrip().casefold().endswith(("antes", "before"))
    return _GENITIVE.match(found.phrase) is not None and not said


def takes_it(text: str) -> bool:
    """Return whether the text says that its writer takes on the task: `yo`, `la tomo`."""
    return fold(text.strip(" .!")) in _TAKING_PHRASES


_TAKING_PHRASES = {
    fold(said)
    for said in (
        *("yo", "mía", "mia", "me", "la tomo", "yo la tomo", "lo tomo", "lo hago", "la hago"),
        *("eu", "minha", "eu faço", "fico com ela", "pego", "eu pego", "assumo", "eu assumo"),
        *("mine", "i take it", "i'll do it", "i do", "i'll take it", "yo lo hago", "yo me encargo"),
        *("me encargo", "me ofrezco", "deixa comigo"),
    )
}


def read_numbers(text: str) -> Sequence[int] | None:
    """Return the numbers in `2`, `1 3` or `1, 3`; None if there is anything else."""
    said = text.replace(",", " ").replace("#", " ").split()
    if not said or not all(one.isascii() and one.isdigit() and len(one) < 10 for one in said):
        return None
    return [int(one) for one in said]
