"""Finds a date at the beginning, or else at the end, of a free text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.dates.phrase_reader import Pieces, choose_reading, parse_pieces, read_date, remove_brackets
from bot.dates.readings import CalendarDay, ClockTime, Reading, UnreadableDate
from bot.dates.recurrences import AmbiguousSeries, Recurrence, read_recurrence
from bot.dates.words import MOST_CHARACTERS, Folded, fold_with_origins

_CUT = " \t\n\r\u00a0;,:|-–—."
_START = re.compile(r"(?<![a-z\d/:.@#_+$\"'-])(?=[a-z\d(@])|(?<=\d)(?=[a-z])|(?<=[a-z])(?=\d)")
_OPEN_AFTER = re.compile(r"[a-z\d/@_#+$%'\"-]|[:.,](?=\d)")
_JOIN_AFTER = re.compile(r"(?:que|de|to|that|para|pra|i) +", re.IGNORECASE)
_JOIN_BEFORE = re.compile(r"(?:^|\s)(?:de|del|da|do|of|para|pra|for|on|em|en|el|o|no|na)$", re.I)
_AND = r"(?:a las?|as?|to|ate|hasta|y|e|o|ou|or|and|[-/,&])"
_NUMBER_BEFORE = re.compile(rf"\d ?{_AND}$")
_NUMBER_AFTER = re.compile(
    rf" ?{_AND} ?(?:las? |as )?\d{{1,2}}(?: ?(?:h|hs|am|pm|horas)|:\d\d)(?![a-z])"
)
_LINK = re.compile(rf" ?(?:{_AND}(?![a-z\d]))? ?")
_LINK_BEFORE = re.compile(rf"(?: ?(?<![a-z\d]){_AND})? ?$")
_LEAD = re.compile(r"[^\w\"'“”„«»‘’″(@#+$/-]*")
_EACH = re.compile(
    r"(?<![a-z])(?:cada|todos (?:los|os)|todas (?:las|as)|todos|todas|todo|toda|every|each)$"
)
_REPEATS = re.compile(
    r"(?<![a-z])(?:cada|tod[oa]s?|every|each|los|las|as|aos|nas|nos|(?:mon|tues|wednes|thurs|fri|satur"
    r"|sun)days|(?:segunda|terca|quarta|quinta|sexta|sabado|domingo)s|diari\w*|daily|seman\w*|weekly"
    r"|quin[cz]enal|mens\w*|monthly|fortnightly|ultimo|ultima|primer\w*|last|first|weekdays?|de|from"
    r"|do|of|dias? (?:uteis|habiles))(?![a-z])"
)
_WORD = re.compile(r"\S+?(?=[\s,:]|$)")
_REACH = 60
"""How many characters beside a date are searched for a second one, which makes a range or list."""


@dataclass(frozen=True, slots=True)
class DatePhrase:
    """A date in a free text: its reading, its phrase, and the rest of the text, both as typed."""

    reading: Reading
    rest: str
    phrase: str


@dataclass(frozen=True, slots=True)
class SeriesPhrase:
    """A series in a free text: its reading, its phrase, and the rest, both as typed."""

    reading: Recurrence | AmbiguousSeries | UnreadableDate
    rest: str
    phrase: str


def find_date(text: str, now: datetime, zone: str, *, joiners: bool = False) -> DatePhrase | None:
    """Return the longest date phrase at the beginning of the text, else at its end, else None.

    `now` is aware. `joiners`: `que`, `de` or `to` after a date at the beginning is not part of the
    rest (for reminders). Quoted text is not searched. A range ("19h a 21h") or a list is
    unreadable.
    """
    return (
        _find_at_beginning(text, now, zone, joiners=joiners)
        or _at_end(text, now, zone)
        or _in_brackets(text.rstrip(), now, zone)
    )


def _fold_text(text: str) -> Folded:
    folded = fold_with_origins(text)
    return Folded(remove_brackets(folded.text), folded.origin)


def _is_significant(pieces: Pieces) -> bool:
    """Return whether the pieces are more than one weak word or number ("mar", "1-2")."""
    return len(pieces) > 1 or not pieces[0].weak


def _find_at_beginning(text: str, now: datetime, zone: str, *, joiners: bool) -> DatePhrase | None:
    found_lead = _LEAD.match(text)
    lead = found_lead.end() if found_lead else 0
    folded = _fold_text(text[lead : lead + MOST_CHARACTERS])
    rows: dict[int, list[Pieces]] = {}
    for pieces, end in parse_pieces(folded.text, 0):
        if not _OPEN_AFTER.match(folded.text, end):
            rows.setdefault(end, []).append(pieces)
    impossible: DatePhrase | None = None
    for end in sorted(rows, reverse=True):
        reading = choose_reading(rows[end], now, zone)
        if not any(_is_significant(p) for p in rows[end]):
            continue
        ranged = _is_followed_by_date(folded.text, end)
        if ranged:
            reading = UnreadableDate()
        stop = lead + _end_in_text(folded, end)
        found = DatePhrase(reading, _rest(text, lead, stop, joiners), text[lead:stop].strip())
        if ranged and impossible:  # "mañana 25h": the phrase is all of it
            return impossible
        if ranged or not isinstance(reading, UnreadableDate):
            return found
        impossible = impossible or (found if _is_date_like(rows[end]) else None)
    return impossible


def _is_followed_by_date(text: str, end: int) -> bool:
    """Return whether a second date follows, which makes a range or a list."""
    if _NUMBER_AFTER.match(text, end):
        return True
    link = _LINK.match(text, end)
    after = link.end() if link else end
    return any(_is_significant(pieces) for pieces, _ in parse_pieces(text, after))


def _follows_date(text: str) -> bool:
    """Return whether another date precedes a date at the end."""
    text = text.rstrip()
    if _NUMBER_BEFORE.search(text) or _EACH.search(text):
        return True
    link = _LINK_BEFORE.search(text)
    text = text[max(0, len(text) - _REACH) : link.start() if link else None]
    return any(_is_significant(pieces) for _, rows in _endings(text) for pieces in rows)


def _is_date_like(rows: list[Pieces]) -> bool:
    """Return whether it is written as a date or time, even if it does not exist (30 February)."""
    return any(isinstance(p, CalendarDay | ClockTime) and not p.weak for r in rows for p in r)


def _end_in_text(folded: Folded, end: int) -> int:
    """Return where in the typed text the folded phrase ends, including accents."""
    return folded.origin[end - 1] + 1 if end else 0


def _rest(text: str, lead: int, stop: int, joiners: bool) -> str:
    """Return the text around a date at the beginning. An emoji before it stays."""
    return " ".join(filter(None, (text[:lead].strip("¿¡ \t\n"), _rest_after(text[stop:], joiners))))


def _rest_after(rest: str, joiners: bool) -> str:
    # After `;` or a line break the first word always belongs to the text.
    joiners = joiners and not re.match(r"[ \t]*[;\n]", rest)
    while rest and (rest[0] in _CUT or rest[0] in "\u0300\u0301\u0303\u0327"):
        rest = rest[1:]
    if joiners and (join := _JOIN_AFTER.match(rest)):
        rest = rest[join.end() :]
    return rest.strip()


def _at_end(text: str, now: datetime, zone: str) -> DatePhrase | None:
    kept = text.rstrip(" \t\n.!?,;")
    base = max(0, len(kept) - MOST_CHARACTERS)
    folded = _fold_text(kept[base:])
    impossible: DatePhrase | None = None
    for start, rows in _endings(folded.text):
        if not any(_is_significant(p) for p in rows):
            continue
        reading = choose_reading(rows, now, zone)
        before = kept[: base + folded.origin[start]]
        ranged = _follows_date(folded.text[:start])
        if ranged:
            reading = UnreadableDate()
        found = DatePhrase(
            reading, _rest_before(before), kept[base + folded.origin[start] :].strip()
        )
        if ranged or not isinstance(reading, UnreadableDate):
            return found
        impossible = impossible or (found if _is_date_like(rows) else None)
    return impossible


def _in_brackets(text: str, now: datetime, zone: str) -> DatePhrase | None:
    """Find a date in brackets: `Reunión (viernes 18h)`. A zone in brackets is no date."""
    start = text.rfind("(") if text.endswith(")") else -1
    if start < 1:
        return None
    reading = read_date(text[start + 1 : -1], now, zone)
    if isinstance(reading, UnreadableDate):
        return None
    return DatePhrase(reading, _rest_before(text[:start]), text[start + 1 : -1].strip())


def _endings(text: str) -> Iterator[tuple[int, list[Pieces]]]:
    for begin in _START.finditer(text):
        start = begin.start()
        if rows := [
            pieces for pieces, end in parse_pieces(text, start) if end == len(text.rstrip())
        ]:
            yield start, rows


def _rest_before(rest: str) -> str:
    rest = rest.rstrip(_CUT + "(")
    if join := _JOIN_BEFORE.search(rest):
        rest = rest[: join.start()]
    return rest.strip()


def find_series(text: str, now: datetime, zone: str) -> SeriesPhrase | None:
    """Return the longest phrase of a series ("cada martes 19h") at the beginning or end of the
    text, or None.

    Call it before `find_date`; the parameters are the same.
    """
    found_lead = _LEAD.match(text)
    lead = found_lead.end() if found_lead else 0
    head = re.split(r"[;\n]", text[lead : lead + MOST_CHARACTERS], maxsplit=1)[0]
    if not _REPEATS.search(fold_with_origins(head).text) and not _REPEATS.search(
        fold_with_origins(text[-MOST_CHARACTERS:]).text
    ):
        return None
    for stop in sorted((m.end() for m in _WORD.finditer(head)), reverse=True):
        reading = read_recurrence(head[:stop], now, zone)
        if not isinstance(reading, UnreadableDate):
            ranged = _is_followed_by_date(fold_with_origins(head[stop:]).text, 0)
            rest = _rest(text, lead, lead + stop, joiners=False)
            return SeriesPhrase(UnreadableDate() if ranged else reading, rest, head[:stop].strip())
    return _series_at_end(text, now, zone)


def _series_at_end(text: str, now: datetime, zone: str) -> SeriesPhrase | None:
    kept = text.rstrip(" \t\n.!?,;")
    base = max(kept.rfind(";"), kept.rfind("\n"), len(kept) - MOST_CHARACTERS - 1) + 1
    for word in _WORD.finditer(kept, base):
        start = word.start()
        if start and kept[start - 1] not in _CUT:
            continue
        reading = read_recurrence(kept[start:], now, zone)
        if not isinstance(reading, UnreadableDate):
            ranged = _follows_date(fold_with_origins(kept[base:start]).text)
            whole = UnreadableDate() if ranged else reading
            return SeriesPhrase(whole, _rest_before(kept[:start]), kept[start:])
    return None
