"""Phrases for repetition: `cada martes`, `toda terça`, `every first monday`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.dates.words import (
    DAY,
    DAY_SHORT,
    DAYS,
    NUMBER,
    ORDINALS,
    look_up,
    parse_number,
    parse_weekday,
    pattern_of,
)

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A rule of RFC 5545 without times. `days` is BYDAY; `month_day` −1 is the month's last.

    `is_ambiguous`: "cada 15 días", which may mean two weeks. `part`: "cada noche".
    """

    freq: str
    interval: int = 1
    days: tuple[str, ...] = ()
    month_day: int = 0
    is_ambiguous: bool = False
    part: str = ""

    def rule(self) -> str:
        """Return the rhythm as an RRULE without an end. Days 29–31 mean the last day of a shorter
        month."""
        parts = [f"FREQ={self.freq}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.days:
            parts.append("BYDAY=" + ",".join(self.days))
        if self.month_day > 28:
            days = ",".join(map(str, range(28, self.month_day + 1)))
            parts.append(f"BYMONTHDAY={days};BYSETPOS=-1")
        elif self.month_day:
            parts.append(f"BYMONTHDAY={self.month_day}")
        return ";".join(parts)


_EVERY = r"(?:a cada|cada|todos (?:los|os)|todas (?:las|as)|todos|todas|todo|toda|every|each)"
_PLURAL = r"(?:los|las|aos|as|on|nos|nas)"
_WD = rf"(?:{DAY}s?(?:[ -]feiras?)?|{DAY_SHORT}\.?)(?![a-z])"
_AND = r"(?:, ?| ?(?:y|e|and|&) ?|, (?:y|e|and) )(?:el |los |a |as |na |no |on )?"
_WD_LIST = rf"{_WD}(?:{_AND}{_WD}){{0,6}}"
_ORD = pattern_of(ORDINALS)
_MONTHLY = (
    r"(?:(?:de|en|em|of|in) (?:cada|todos os|todo|todos los|every|each) (?:mes|meses|month)"
    r"|d(?:el|o) mes|of the month|cada mes|todo mes|every month|each month)(?![a-z])"
)
_THE = r"(?:(?:el|la|o|a|no|na|the|on the|on) )?"
_UNITS = {
    "HOURLY": "hora horas hour hours",
    "DAILY": "dia dias day days",
    "WEEKLY": "semana semanas week weeks",
    "MONTHLY": "mes meses month months",
    "YEARLY": "ano anos year years",
}
_FREQ = {word: freq for freq, words in _UNITS.items() for word in words.split()}
_PARTS = {
    "manana": "morning",
    "mananas": "morning",
    "manha": "morning",
    "manhas": "morning",
    "morning": "morning",
    "tarde": "afternoon",
    "tardes": "afternoon",
    "afternoon": "afternoon",
    "evening": "evening",
    "noche": "night",
    "noches": "night",
    "noite": "night",
    "noites": "night",
    "night": "night",
}
_WEEKDAYS = re.compile(
    rf"(?:{_EVERY} )?(?:weekdays?|dias? (?:de semana|uteis|util|habiles|laborables)"
    rf"|entre semana)(?![a-z])"
)
_WEEKENDS = re.compile(
    rf"{_EVERY} (?:weekends?|fin(?:es)? de semana|fi(?:m|ns) de semana)(?![a-z])"
)
_FROM_TO = re.compile(
    rf"(?:{_EVERY} (?:semana|week),? )?(?:(?:de|from|on) )?(?P<a>{_WD}) (?:a|to|ate|hasta"
    rf"|through) (?P<b>{_WD})"
)
_ORDINAL = re.compile(
    rf"(?P<every>{_EVERY} )?{_THE}(?P<o>{_ORD})(?: (?:y|e|and) {_THE}(?P<o2>{_ORD}))? "
    rf"(?P<wd>{_WD})(?P<m>,? {_MONTHLY})?"
)
_ORDINAL_AFTER = re.compile(
    rf"(?P<m>{_MONTHLY}),? {_THE}(?P<o>{_ORD})(?: (?:y|e|and) {_THE}(?P<o2>{_ORD}))? (?P<wd>{_WD})"
)
_MONTH_DAY = re.compile(
    rf"(?:(?P<every>{_EVERY} )?{_THE}dia (?P<n>\d{{1,2}}|{NUMBER}|primero|primeiro)(?![a-z\d])"
    rf"|{_THE}(?P<k>\d{{1,2}})(?:st|nd|rd|th)?|(?P<en>(?:every|each) (?P<e>\d{{1,2}})(?:st|nd|rd"
    rf"|th))(?![a-z]))(?P<m>,? {_MONTHLY})?"
)
_MONTH_DAY_AFTER = re.compile(
    rf"{_EVERY} (?:mes|month),? {_THE}(?:dia )?(?P<n>\d{{1,2}}|primero|primeiro)(?:st|nd|rd|th)?"
    rf"(?![a-z\d:.])"
)
_LAST_DAY = re.compile(rf"(?:{_EVERY} )?{_THE}(?:ultimo dia|last day),? {_MONTHLY}")
_LIST = re.compile(
    rf"(?:(?P<every>{_EVERY}) (?:(?P<n>\d{{1,2}}|{NUMBER}|other|second) )?|"
    rf"(?P<plural>{_PLURAL}) )(?P<list>{_WD_LIST})"
)
_PLURAL_DAY = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days|(?:segunda|terca|quarta|quinta|sexta)s"
    r"(?:[ -]feiras?)?|sabados|domingos)(?![a-z])"
)
_BARE_PLURAL = re.compile(rf"(?P<list>{_PLURAL_DAY}(?:{_AND}{_PLURAL_DAY}){{0,6}})")
_ON = re.compile(
    rf"(?:,? ?(?:(?:el|los|la|a|as|o|aos|no|na|nas|nos|on|on the|en|em) )?)(?P<list>{_WD_LIST})"
)
_UNIT = re.compile(
    rf"{_EVERY} (?:(?P<n>\d{{1,3}}|{NUMBER}|other|outro|otro|otra|outra) )?"
    rf"(?P<unit>{pattern_of(_FREQ)})(?![a-z])"
)
_PART = re.compile(rf"{_EVERY} (?P<part>{pattern_of(_PARTS)})(?![a-z])")
_WORDS = {
    "diariamente": Rhythm("DAILY"),
    "diario": Rhythm("DAILY"),
    "a diario": Rhythm("DAILY"),
    "daily": Rhythm("DAILY"),
    "semanalmente": Rhythm("WEEKLY"),
    "semanal": Rhythm("WEEKLY"),
    "weekly": Rhythm("WEEKLY"),
    "quincenal": Rhythm("WEEKLY", 2),
    "quinzenal": Rhythm("WEEKLY", 2),
    "fortnightly": Rhythm("WEEKLY", 2),
    "every fortnight": Rhythm("WEEKLY", 2),
    "cada quincena": Rhythm("WEEKLY", 2),
    "mensualmente": Rhythm("MONTHLY"),
    "mensalmente": Rhythm("MONTHLY"),
    "mensual": Rhythm("MONTHLY"),
    "mensal": Rhythm("MONTHLY"),
    "monthly": Rhythm("MONTHLY"),
    "anual": Rhythm("YEARLY"),
    "yearly": Rhythm("YEARLY"),
    "todo santo dia": Rhythm("DAILY"),
}
_WORD = re.compile(pattern_of(_WORDS) + r"(?![a-z])")
_DAY_WORD = re.compile(rf"{DAY}|{DAY_SHORT}")
_AMBIGUOUS = ("segunda", "quarta", "quinta")  # weekdays before they are ordinals

RhythmFound = tuple[Rhythm, int]


def _codes(words: str) -> tuple[str, ...]:
    found = [parse_weekday(w) for w in re.findall(r"[a-z]+", words) if _is_day(w)]
    found += [
        parse_weekday(w[:-1])
        for w in re.findall(r"(?<![a-z])[a-z]+s\b", words)
        if not _is_day(w) and _is_day(w[:-1])
    ]
    return tuple(CODES[n] for n in sorted(set(found)))


def _is_day(word: str) -> bool:
    return word in DAYS or bool(re.fullmatch(DAY_SHORT, word))


def _ordinals(text: str, at: int) -> Iterator[RhythmFound]:
    for pattern in (_ORDINAL, _ORDINAL_AFTER):
        found = pattern.match(text, at)
        if not found:
            continue
        every = pattern is _ORDINAL and found["every"]
        if not found["m"] and (not every or found["o"] in _AMBIGUOUS):
            continue
        numbers = [look_up(ORDINALS, o) for o in (found["o"], found["o2"]) if o]
        (code, *rest) = _codes(found["wd"])
        if not rest:
            yield Rhythm("MONTHLY", days=tuple(f"{n}{code}" for n in numbers)), found.end()


def _month_days(text: str, at: int) -> Iterator[RhythmFound]:
    if found := _MONTH_DAY_AFTER.match(text, at):
        yield from _on_day(found["n"], found.end())
    if found := _LAST_DAY.match(text, at):
        yield Rhythm("MONTHLY", month_day=-1), found.end()
    found = _MONTH_DAY.match(text, at)
    if found and (found["m"] or found["en"] or found["every"]):
        yield from _on_day(found["n"] or found["k"] or found["e"], found.end())


def _on_day(word: str, end: int) -> Iterator[RhythmFound]:
    day = 1 if word.startswith("prim") else parse_number(word)
    if 1 <= day <= 31:
        yield Rhythm("MONTHLY", month_day=day), end


def _week_days(text: str, at: int) -> Iterator[RhythmFound]:
    if found := _WEEKDAYS.match(text, at):
        yield Rhythm("WEEKLY", days=CODES[:5]), found.end()
    if found := _WEEKENDS.match(text, at):
        yield Rhythm("WEEKLY", days=CODES[5:]), found.end()
    if found := _FROM_TO.match(text, at):
        first, last = (CODES.index(_codes(found[name])[0]) for name in "ab")
        if first < last:
            yield Rhythm("WEEKLY", days=CODES[first : last + 1]), found.end()


def _lists(text: str, at: int) -> Iterator[RhythmFound]:
    if found := _BARE_PLURAL.match(text, at):
        yield Rhythm("WEEKLY", days=_codes(found["list"])), found.end()
    found = _LIST.match(text, at)
    if not found:
        return
    count = found["n"]
    interval = 1 if not count else 2 if count in ("other", "second") else parse_number(count)
    plural = all(re.search(r"s\b|feiras", w) for w in re.split(r",| y | e | and ", found["list"]))
    if interval and (found["every"] or plural):
        yield Rhythm("WEEKLY", interval, _codes(found["list"])), found.end()


def _units(text: str, at: int) -> Iterator[RhythmFound]:
    if found := _WORD.match(text, at):
        yield _WORDS[found[0].replace("-", " ")], found.end()
    if found := _PART.match(text, at):
        yield Rhythm("DAILY", part=_PARTS[found["part"]]), found.end()
    found = _UNIT.match(text, at)
    if not found:
        return
    count = found["n"]
    interval = (
        1
        if not count
        else parse_number(count)
        if not re.match("o", count) or count == "once"
        else 2
    )
    if not 1 <= interval <= 366:
        return
    freq = _FREQ[found["unit"]]
    doubt = freq == "DAILY" and interval in (8, 15) and found["unit"] == "dias"
    yield Rhythm(freq, interval, is_ambiguous=doubt), found.end()
    on = _ON.match(text, found.end()) if freq == "WEEKLY" else None
    if on:
        yield Rhythm(freq, interval, _codes(on["list"])), on.end()


_READERS: tuple[Callable[[str, int], Iterator[RhythmFound]], ...] = (
    _ordinals,
    _month_days,
    _week_days,
    _lists,
    _units,
)


def find_rhythms(text: str, at: int) -> Iterator[RhythmFound]:
    """Yield every rhythm ("cada martes") that begins at position `at` of a folded text, with its
    end."""
    for reader in _READERS:
        yield from reader(text, at)
