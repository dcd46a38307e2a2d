"""Parse the line that makes an event into a draft. Pure: others ask about what is doubtful."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.api import NamedArgument, dates, fold, split_arguments
from commands.events.grammar import args, phrases
from commands.events.grammar.phrases import SeriesBounds

_QUOTE = re.compile(r'"([^"\n]*)"')
_NAME = re.compile(r"(?<![^\s,;])([^\W\d_][\w-]{0,20}) ?: ?$")
_TOKEN = re.compile("[\ue000-\uf8ff]")
_FIRST = 0xE000
"""While the text is read, each quoted part is replaced by one character of the private use area."""
_MAX_QUOTES = 50
_EDGES = " \t\n,;:|-–—."
_IN = re.compile(r",? (?:en|em|no|na|nos|nas|at|in) (?=\S)", re.IGNORECASE)
_IN_FIRST = re.compile(r"(?:en|em|at|in) (?=\S)", re.IGNORECASE)
_SEATS = re.compile(
    r",? (?:(?:cupos?|vagas?|seats?) (?:de |para |for )?(\d{1,6})"
    r"|(\d{1,6}) (?:cupos|vagas|seats))$",
    re.IGNORECASE,
)
_NO_REMARK = re.compile(r"^(?:y|e|o|u|ou|and|or|&|\+) |[^\W\d_]:", re.IGNORECASE)
"""What joins another date, or a setting that does not exist: `area: all`."""
_ENDS = re.compile(r"(?:^| )(?:hasta|até|ate|until|till|antes|before)$", re.IGNORECASE)
_PARTS = re.compile(r", |;")
_PIN = "📍"
_SPLITS = 12
"""How many positions are tried as the beginning of the place."""
_REMARK = 12
"""How many words behind a date are tried as a remark."""


@dataclass(frozen=True, slots=True)
class EventDraft:
    """An event as it was typed.

    `series` holds a whole series (`cada martes 19h`); `every` holds a rhythm given apart from its
    first date. `end` is a clock time and `days` a length in days. `named` holds the other fields,
    not read yet.
    """

    title: str = ""
    phrase: str = ""
    when: dates.Reading | None = None
    series: dates.Recurrence | dates.AmbiguousSeries | None = None
    every: str = ""
    bounds: SeriesBounds = field(default_factory=SeriesBounds)
    end: str = ""
    days: int = 0
    place: str = ""
    about: str = ""
    seats: str = ""
    named: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    @property
    def has_date(self) -> bool:
        """Whether a date or a series was found in the line."""
        return self.when is not None or self.series is not None


def parse_draft(
    typed: str, now: datetime, zone: str, more: tuple[NamedArgument, ...] = ()
) -> EventDraft:
    """Return the title, date, place and named fields of an event that the whole line describes.

    Quoted parts are never read as a date; what the date leaves over is the title.
    """
    quotes: list[str] = []
    text = _QUOTE.sub(lambda found: _hide_quote(found, quotes, more), typed)
    parts = split_arguments(text, (*args.ARGS, *more), lambda _words: False)
    named, freed = _trim_values(parts.named)
    lines = [line.strip() for line in f"{parts.free} {' '.join(freed)}".split("\n")]
    lines = [line for line in lines if line]
    draft = _parse_lines(lines, now, zone, named)
    draft = replace(draft, named=named, unknown=parts.unknown)
    back = {key: _restore_quotes(value, quotes) for key, value in named.items()}
    return replace(
        draft,
        title=_clean_title(named.get(args.TITLE.key) or draft.title, quotes),
        place=_clean_title(draft.place, quotes),
        about=_restore_quotes(draft.about, quotes),
        named=back,
    )


def parse_date(phrase: str, now: datetime, zone: str) -> EventDraft:
    """Return the date in a text that is only a date, with its rhythm and its end.

    This is the value of `fecha:` or the answer to a question.
    """
    found = _find_date(phrases.bracket_zone(phrase.strip()), now, zone)
    if found is not None and not found.title.strip(_EDGES):
        return found
    return EventDraft(phrase=phrase, when=dates.read_date(phrase, now, zone))


def _hide_quote(found: re.Match[str], quotes: list[str], more: tuple[NamedArgument, ...]) -> str:
    """Return the character that stands for a quoted part.

    A quoted value of a named field is returned unchanged.
    """
    words = found[1].strip()
    name = _NAME.search(found.string, max(0, found.start() - 30), found.start())
    if name and any(fold(name[1]) in map(fold, arg.name) for arg in (*args.ARGS, *more)):
        return found[0]
    if not words or len(quotes) == _MAX_QUOTES:
        return f" {words} "
    quotes.append(words)
    return f" {chr(_FIRST + len(quotes) - 1)} "


def _restore_quotes(text: str, quotes: list[str]) -> str:
    """Put the quoted parts back into the text as they were typed."""
    back = _TOKEN.sub(lambda found: f'"{quotes[ord(found[0]) - _FIRST]}"', text)
    return "\n".join(" ".join(line.split()) for line in back.split("\n")).strip(" ,;")


def _clean_title(text: str, quotes: list[str]) -> str:
    text = text.strip(_EDGES)
    if len(text) == 1 and _TOKEN.match(text):
        return quotes[ord(text) - _FIRST]
    return _restore_quotes(text, quotes).strip(" ,;:|-–—")


def _trim_values(named: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Cut free words off the named values.

    They follow a quoted value, or stand as a date behind a number.
    """
    kept: dict[str, str] = {}
    freed: list[str] = []
    for key, value in named.items():
        token = _TOKEN.search(value)
        if token and token.start():
            freed.append(value[token.start() :])
            value = value[: token.start()].strip(" ,;")
        more = re.match(r"(\d{1,9})[ ,;]+(?!(?:personas|pessoas|people)$)(?=\S)", value)
        if key == args.SEATS.key and more:
            freed.append(value[more.end() :])
            value = more[1]
        kept[key] = value
    return kept, freed


# --- the free text --------------------------------------------------------------------------------


def _parse_lines(
    lines: list[str], now: datetime, zone: str, named: Mapping[str, str]
) -> EventDraft:
    """Parse the first line; of the lines below, the first that is a date gives the date.

    The other lines become the description.
    """
    pinned = [line for line in lines if line.startswith(_PIN)]
    lines = [line for line in lines if not line.startswith(_PIN)]
    head, *others = lines or [""]
    if args.DATE.key in named:
        draft = replace(parse_date(named[args.DATE.key], now, zone), title=head)
    else:
        draft = _parse_line(head, now, zone, named)
    told: list[str] = []
    for line in others:
        found = None if draft.has_date else _find_date(line, now, zone)
        if found is not None and not found.title.strip(_EDGES + "📅🗓⏰🕖 "):
            draft = replace(found, title=draft.title, place=draft.place or found.place)
        else:
            told.append(line)
    if not draft.has_date and args.PLACE.key in named:
        draft = _date_behind_place(draft, now, zone, named)
    place = draft.place or (pinned[0].lstrip(_PIN).strip(_EDGES) if pinned else "")
    about = "\n".join(filter(None, (draft.about, *told)))
    return replace(draft, about=about, place=place)


def _date_behind_place(
    draft: EventDraft, now: datetime, zone: str, named: Mapping[str, str]
) -> EventDraft:
    """Take the date out of the place, as in `lugar: Casa Azul jueves 19h`."""
    found = _find_date(named[args.PLACE.key], now, zone)
    if found is None or not found.title.strip(_EDGES):
        return draft
    assert isinstance(named, dict)
    named[args.PLACE.key] = found.title.strip(_EDGES)
    return replace(found, title=draft.title)


def _parse_line(text: str, now: datetime, zone: str, named: Mapping[str, str]) -> EventDraft:
    text = phrases.bracket_zone(text)
    counted = _SEATS.search(text)
    seats = (counted[1] or counted[2]) if counted else ""
    if counted:
        text = text[: counted.start()]
    lead = _TOKEN.match(text)
    if lead and lead.end() < len(text):  # what follows a quoted title is no part of it
        return replace(
            _parse_behind_title(text[lead.end() :], now, zone, named), title=lead[0], seats=seats
        )
    found = _find_date(text, now, zone, named) or _parse_with_place(text, now, zone, named)
    return replace(found or EventDraft(title=text), seats=seats)


def _parse_behind_title(
    text: str, now: datetime, zone: str, named: Mapping[str, str]
) -> EventDraft:
    """Parse the text behind a quoted title. Words that are neither date nor place describe it."""
    text = text.strip(_EDGES)
    found = _find_date(text, now, zone, named) or _parse_with_place(text, now, zone, named)
    if found is None:
        return EventDraft(about=text)
    rest = found.title.strip(_EDGES)
    inside = _IN_FIRST.match(rest)
    if inside and not found.place:
        return replace(found, title="", place=rest[inside.end() :])
    return replace(found, title="", about=rest)


def _parse_with_place(
    text: str, now: datetime, zone: str, named: Mapping[str, str]
) -> EventDraft | None:
    """Parse a line with a place behind the date.

    Examples: `Taller jueves 19h en la Casa Azul`, `Taller, jueves 19h, Casa Azul`,
    `Taller; jueves 19h; Casa Azul`.
    """
    for cut in list(_IN.finditer(text))[-_SPLITS:][::-1]:
        head, place = text[: cut.start()], text[cut.end() :]
        found = _find_date(head, now, zone, named)
        if found is not None and _is_date_last(found, head):
            return replace(found, place=place)
    segments = [part.strip() for part in _PARTS.split(text)]
    for index in range(len(segments) - 1):
        found = _find_date(segments[index], now, zone, named)
        if found is not None and not found.title.strip(_EDGES):
            title, place = ", ".join(segments[:index]), ", ".join(segments[index + 1 :])
            inside = _IN_FIRST.match(place)
            return replace(found, title=title, place=place[inside.end() :] if inside else place)
    for index in range(len(segments) - 1, 0, -1):  # what follows is a place or a remark
        head, tail = ", ".join(segments[:index]), ", ".join(segments[index:])
        found = _find_date(head, now, zone, named)
        if found is not None and _is_date_last(found, head) and _find_date(tail, now, zone) is None:
            return replace(found, about=tail)
    return _parse_with_remark(text, now, zone, named)


def _parse_with_remark(
    text: str, now: datetime, zone: str, named: Mapping[str, str]
) -> EventDraft | None:
    """Parse a line with a few words behind the date that nothing sets off: `Meeting tomorrow 6pm
    side door`. They describe the event.

    Only behind a day with its hour, for `Monday` may be part of a title; and not where more dates
    may follow.
    """
    for cut in list(re.finditer(r" (?=\S)", text))[: -_REMARK - 1 : -1]:
        head, tail = text[: cut.start()], text[cut.end() :]
        if _NO_REMARK.search(tail) or _find_date(tail, now, zone) is not None:
            continue
        found = _find_date(head, now, zone, named)
        if (
            found is not None
            and isinstance(found.when, dates.ZonedTime)
            and found.when.has_time
            and not phrases.is_clock(found.phrase)
            and found.title.strip(_EDGES)
            and _is_date_last(found, head)
        ):
            return replace(found, about=tail)
    return None


def _is_date_last(found: EventDraft, head: str) -> bool:
    """True if the date stands behind the title, not before it."""
    title = found.title.strip(_EDGES)
    return not title or head.strip(_EDGES).startswith(title)


def _find_date(
    text: str, now: datetime, zone: str, named: Mapping[str, str] | None = None
) -> EventDraft | None:
    """Find the date at the beginning or end, with its rhythm and end. The rest is the title."""
    text, but = phrases.split_exceptions(text, now, zone)
    text, end = phrases.split_clock_range(text)
    text, days = ("", 0) if not text else phrases.split_day_range(text) if not end else (text, 0)
    said = EventDraft(end=end, days=days, bounds=SeriesBounds(but=but))
    series = dates.find_series(text, now, zone)
    if (
        series is not None
        and not isinstance(series.reading, dates.UnreadableDate)
        and not phrases.is_only_rhythm(series.phrase)
    ):
        title, bounds = phrases.split_bounds(series.rest, now, zone)
        bounds = replace(bounds, but=but or bounds.but)
        return replace(
            said, title=title, phrase=series.phrase, series=series.reading, bounds=bounds
        )
    rest, every = phrases.split_rhythm(text)
    if every or (named and args.EVERY.key in named):
        rest, bounds = phrases.split_bounds(rest, now, zone)
        said = replace(said, every=every, bounds=replace(bounds, but=but or bounds.but))
    else:
        rest = text
    found = dates.find_date(rest, now, zone)
    if found is None:
        return None
    reading = dates.UnreadableDate() if _ENDS.search(found.rest) else found.reading
    return replace(said, title=found.rest, phrase=found.phrase, when=reading)
