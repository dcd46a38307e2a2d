"""Find what a line says beside its date: its end, how often it repeats, its exceptions.

Each function takes its part out of the text and returns the rest. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.api import dates

_CLOCK = r"\d{1,2}(?:[:.h]\d\d)?"
_UNIT = (
    r"(?: ?(?:hs?|hrs?|[ap]\.? ?m\.?)(?![a-z])| (?:de la|da|de|in the)"
    r" (?:ma[ñn]ana|tarde|noche|manh[ãa]|noite|morning|afternoon|evening)(?!\w)|(?<=[12]\d) horas)"
)
_RANGE = re.compile(
    rf"(?<![\w/:.#-])(?P<pre>(?:de|desde|from|entre|between|das|a las?|às|at) (?:las? |as )?)?"
    rf"(?P<a>{_CLOCK})(?P<ua>{_UNIT})? ?(?P<link>-|(?:a|às|as|to|hasta|até|ate|until|till|y|e|and)"
    rf"(?= ))(?: (?:las?|as))? ?(?P<b>{_CLOCK})(?P<ub>{_UNIT})?(?![\w/:]|\.\d)",
    re.IGNORECASE,
)
_HOUR_SAID = re.compile(r"las? $|às $|as $|das $", re.IGNORECASE)
_BETWEEN = re.compile(r"entre|between", re.IGNORECASE)
_DAYS = re.compile(
    r"(?<![\w/:.#-])(?:del?|desde el|from) ?(?P<a>\d{1,2}) (?:al?|até|to|hasta el) (?P<b>\d{1,2})"
    r" (?P<month>(?:de |of |do )?[^\W\d_]{3,10})(?![\w/:])",
    re.IGNORECASE,
)
_EVERY = re.compile(
    r"(?<!\w)(?:a )?(?:cada|every|each|tod[ao]s?(?: l[ao]s| [ao]s)?)"
    r" (?:(?:\d{1,2}|dos|d[uo][ai]s|tr[eê]s|cuatro|quatro|two|three|four|other|outr[ao]|otr[ao]) )?"
    r"(?:semanas?|m[eê]s(?:es)?|a[nñ]os?|weeks?|months?|years?"
    r"|(?:d[ií]as?|days?)(?! \d{1,2}(?!\d|[:h]| ?[ap]\.?m| (?:veces|vezes|times))))(?!\w)",
    re.IGNORECASE,
)
_USUALLY = re.compile(
    r"(?<!\w)(semanal|semanais|quin[cz]enal|mensual|mensal|mensais|weekly|fortnightly|monthly"
    r"|diari[ao]|di[áa]ri[ao]|daily)(?!\w)",
    re.IGNORECASE,
)
_TIMES = re.compile(
    r",? ?(?:(?:por|durante|for) )?(?P<n>\d{1,4}) (?:veces|vezes|times|fechas|datas)(?!\w)",
    re.IGNORECASE,
)
_UNTIL = re.compile(r",? (?:hasta|até|ate|until|till) (?:el |o |a |la )?", re.IGNORECASE)
_BUT = re.compile(
    r",? (?:menos|excepto|exceto|salvo|except(?: on)?|but not(?: on)?) (?:el |o |on |los |os )?",
    re.IGNORECASE,
)
_LIST = re.compile(r", | (?:y|e|and)(?: el| o| em| on)? |,")
_NAMED_HOUR = (
    "una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|uma|duas|três|quatro|sete|oito"
    "|nove|dez|onze|doze|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
)
_AT = r"(?:(?:al?|para|pra|to) )?(?:las? |[àa]s |à |at )"
_AND = r"(?: (?:y|e) (?:media|meia|cuarto|quinze|\d{1,2})| menos (?:cuarto|\d{1,2}))?"
_CLOCK_WORDS = r"(?: ?(?:hs?|hrs?|horas?|[ap]\.? ?m\.?|en punto|em ponto|o.?clock))*"
_PART = (
    r"(?: (?:de|en|por|da|à|in the|at)(?: la)? ?"
    r"(?:noche|tarde|mañana|manana|madrugada|noite|manhã|manha|morning|afternoon|evening|night))"
)
_CLOCK_ONLY = re.compile(
    rf"(?:{_AT})?\d{{1,2}}(?:[:h.]\d{{0,2}})?{_AND}{_CLOCK_WORDS}{_PART}?"
    rf"|{_AT}(?:{_NAMED_HOUR}){_AND}{_CLOCK_WORDS}{_PART}?|(?:{_NAMED_HOUR}){_AND}{_CLOCK_WORDS}{_PART}"
    r"|(?:(?:al?|ao|at) (?:la )?)?"
    r"(?:mediod[ií]a|medianoche|meio[- ]dia|meia[- ]noite|noon|midnight)",
    re.IGNORECASE,
)
_THERE = re.compile(
    r",? (?:hora|horário|horario) (?:de|do|da) ([^\W\d_][\w ]{2,30})$", re.IGNORECASE
)
_ITS = re.compile(r"(?=,? ([^\W\d_]\w{2,20}(?: [^\W\d_]\w{2,20}){0,2}) time$),? ", re.IGNORECASE)
"""Matches `19h Lisbon time` and `19h Mexico City time`, tried from each word on."""


@dataclass(frozen=True, slots=True)
class SeriesBounds:
    """The end of a series and the dates left out of it, as typed."""

    until: str = ""
    times: str = ""
    but: tuple[str, ...] = ()


def split_clock_range(text: str) -> tuple[str, str]:
    """Return a date phrase split from its end: `jueves 19h` and `21h` of `jueves 19h a 21h`."""
    for found in _RANGE.finditer(text):
        pre, a, b = found["pre"] or "", found["a"], found["b"]
        said = found["ua"] or found["ub"] or re.search(r"[:h]", a + b, re.IGNORECASE)
        if not said and not _HOUR_SAID.search(pre):
            continue
        if found["link"].lower() in ("y", "e", "and") and not _BETWEEN.match(pre):
            continue
        head = re.sub(r"^(?:de|desde|from|entre|between|das) ", "", pre, flags=re.IGNORECASE)
        first = f"{a}{found['ua'] or _unit_of_first(a, b, found['ub'] or '')}"
        start = text[: found.start()] + head + first + text[found.end() :]
        return start, f"{b}{found['ub'] or ''}"
    return text, ""


def _unit_of_first(a: str, b: str, unit: str) -> str:
    """Return the unit of the first hour: `7 a 9 pm` begins at 7 pm, `11 a 1 pm` at 11 am.

    Without `am` or `pm` it is an hour from 0 to 24.
    """
    hours = [int(re.match(r"\d+", clock)[0]) for clock in (a, b)]  # type: ignore[index]
    if not unit.strip() or unit.strip().lower()[0] == "h" or "horas" in unit:
        return "" if re.search(r"[:.h]", a, re.IGNORECASE) else "h" if unit or "h" in b else ""
    before_noon = hours[0] > hours[1] and hours[0] != 12 and hours[1] != 12
    crosses = before_noon or (hours[1] == 12 and hours[0] < 12 and "a" not in unit.lower()[:2])
    late = re.search(r"p|tarde|noche|noite|after|even", unit, re.IGNORECASE)
    return " am" if crosses and late else unit


def find_end(end: str, start: datetime, now: datetime, zone: str) -> datetime | None:
    """Return the wall time at which an event ends: the first after `start` that fits the words, or
    None."""
    found = []
    for day in (start.date(), start.date() + timedelta(days=1)):
        read = dates.read_date(f"{day.isoformat()} {end}", now, zone)
        hour = re.fullmatch(r"(\d{1,2})", end.strip())
        if hour and int(hour[1]) < 24:
            walls = [datetime.combine(day, time(int(hour[1]) % 24))]
            if int(hour[1]) < 12:
                walls.append(datetime.combine(day, time(int(hour[1]) + 12)))
        elif isinstance(read, dates.AmbiguousDate):
            walls = [option.wall for option in read.options]
        else:
            walls = [read.wall] if isinstance(read, dates.ZonedTime) and read.has_time else []
        found += [wall for wall in walls if wall > start]
    return min(found, default=None)


def split_day_range(text: str) -> tuple[str, int]:
    """Return a date phrase split from its length: `3 de diciembre` and 3 days of `del 3 al 5 de
    diciembre`."""
    found = _DAYS.search(text)
    if found is None or not 0 < int(found["b"]) - int(found["a"]) < 31:
        return text, 0
    first = f"{found['a']} {found['month']}"
    if isinstance(dates.read_date(first, _LONG_AGO, "UTC"), dates.UnreadableDate):
        return text, 0
    days = int(found["b"]) - int(found["a"]) + 1
    return text[: found.start()] + first + text[found.end() :], days


_LONG_AGO = datetime.fromisoformat("2020-01-01T00:00+00:00")


def split_bounds(text: str, now: datetime, zone: str) -> tuple[str, SeriesBounds]:
    """Return a phrase without `10 veces`, `hasta el 20/12` and `menos 24/12`, and what these
    say."""
    text, but = split_exceptions(text, now, zone)
    times = _TIMES.search(text)
    count = times["n"] if times else ""
    if times:
        text = text[: times.start()] + text[times.end() :]
    until = list(_UNTIL.finditer(text))
    if until and names_day(text[until[-1].end() :], now, zone):
        return text[: until[-1].start()], SeriesBounds(text[until[-1].end() :].strip(), count, but)
    return text, SeriesBounds("", count, but)


def split_exceptions(text: str, now: datetime, zone: str) -> tuple[str, tuple[str, ...]]:
    """Return a phrase without the dates left out, as in `menos 24/12 y 31/12`, and these dates.

    `las 7 menos cuarto` is a time and stays.
    """
    for found in reversed(list(_BUT.finditer(text))):
        tail = text[found.end() :]
        end = _UNTIL.search(tail) or _TIMES.search(tail)
        cut = end.start() if end else len(tail)
        days = split_list(tail[:cut])
        if days and all(names_day(day, now, zone) for day in days):
            return text[: found.start()] + tail[cut:], days
    return text, ()


def split_list(text: str) -> tuple[str, ...]:
    """Return the parts of an enumeration such as `24/12, 31/12 y 7/1`."""
    return tuple(part.strip() for part in _LIST.split(text) if part.strip())


def is_clock(text: str) -> bool:
    """Return whether the text is an hour without a day, such as `21h`."""
    return bool(_CLOCK_ONLY.fullmatch(text.strip(" .,;")))


def names_day(text: str, now: datetime, zone: str) -> bool:
    """Return whether the text names a day. A clock time alone does not."""
    text = text.strip(" .,;")
    return not is_clock(text) and read_day(text, now, zone) is not None


def read_day(text: str, now: datetime, zone: str) -> date | None:
    """Return the day that the whole text names, even a past or doubtful one, or None."""
    read = dates.read_date(text, now, zone)
    if isinstance(read, dates.AmbiguousDate):
        return read.options[0].wall.date()
    when = read.when if isinstance(read, dates.PastDate) else read
    return when.wall.date() if isinstance(when, dates.ZonedTime) else None


def split_rhythm(text: str) -> tuple[str, str]:
    """Return a phrase without a rhythm such as `cada semana`, which names no day, and that
    rhythm."""
    found = _EVERY.search(text)
    if found is None:
        return text, ""
    rest = text[: found.start()].rstrip(" ,") + " " + text[found.end() :].lstrip(" ,")
    return rest.strip(), found[0]


def is_only_rhythm(phrase: str) -> bool:
    """Return whether the phrase is a rhythm without a weekday, such as `cada semana 19h`."""
    rest, every = split_rhythm(phrase)
    if not every:
        rest, every = split_rhythm(f"cada {phrase}")
    rest = rest.strip(" ,")
    day = re.search(r"d[ií]a|day", every, re.IGNORECASE)
    return bool(every) and not day and (not rest or bool(_CLOCK_ONLY.fullmatch(rest)))


def rhythm_in_title(title: str) -> str:
    """Return the word in an event's title that suggests a rhythm (`Reunión semanal`), or nothing.

    Whether the event repeats must then be asked.
    """
    found = _USUALLY.search(title)
    return found[1] if found else ""


def bracket_zone(text: str) -> str:
    """Return `19h (Lisboa)` for `19h hora de Lisboa`, so that it is read as a time zone."""
    found = _THERE.search(text)
    if found is None and text.lower().endswith(" time"):
        found = next(
            (m for m in _ITS.finditer(text) if isinstance(dates.find_zone(m[1]), str)), None
        )
    if found is None or not isinstance(dates.find_zone(found[1]), str):
        return text
    return f"{text[: found.start()]} ({found[1]})"
