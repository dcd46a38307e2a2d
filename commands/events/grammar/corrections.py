"""Reads how people correct an event in a reply to it: `al final es a las 6`, `it's at the library
now`. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from bot.api import dates, fold_in_place
from commands.events.grammar import drafts, phrases

_NOT_THAT = r"(?:(?:(?:no|nao) (?:es|e|era)|it'?s not) [^,]{1,40}, (?:sino )?)"
_FIRST = (
    r"(?:(?:no|nao|al final|no fim|no final|ahora|agora|mejor|melhor|actually|ojo|perdon|desculpa"
    r"|sorry|y|e|and|so),? )"
)
_IS = (
    r"(?:(?:es|sera|va a ser|queda|e|vai ser|fica|it'?s|it is|make it|let'?s make it|change it"
    r"|move it|pasa(?:la|lo)?|cambia(?:la|lo)?|mueve(?:la|lo)?|muda|passa) )"
)
_BEGINNING = re.compile(
    rf"\W*(?:{_NOT_THAT}{_IS}|{_FIRST}{{0,3}}(?P<is>{_IS})(?:ahora |agora |now )?"
    rf"|(?P<alone>{_FIRST}{{1,3}}))(?:(?:para|pra|pras|pro|to) )?"
)
_GOES_ON = re.compile(r"(?:(?:y|e|and|so|ojo),? )+")
"""What goes on with what was said, and corrects nothing by itself: `y mañana`, to a neighbour."""
_RATHER = re.compile(r"(?:al final|no fim|no final|mejor|melhor|actually),? ")
_INSTEAD = re.compile(
    r",? (?:y |e |and )?"
    r"(?:(?:no (?=a |el |es |en )|nao |not |en vez de |em vez de |instead of )[^,]{1,30}"
    r"|now|ahora|agora|instead|please|por favor|(?:mesmo horario|misma hora|same time))$"
)
_OTHER_PLACE = re.compile(
    r"\W*(?:cambi\w{1,4}|mud\w{1,3}|change) (?:(?:el|o|the) )?(?:lugar|local|place|venue|location)"
    r" (?:(?:al?|para|pra|pro|to|en|em|na|no) )(?P<place>\S.{0,58})"
)
_PLACE = re.compile(
    r"(?:en|em|na|no|nas|nos|at|in) (?P<place>(?!serio|broma|risk|doubt|hour|an hour)\D\S.{0,58})"
)


_HOUR = re.compile(r"(?:a las?|as|at) \d|\d ?(?:[:h]|[ap]m\b)")


@dataclass(frozen=True, slots=True)
class Correction:
    """What an event has instead: a place, or else when it is, as typed. `is_doubtful`: the line
    says a day or an hour without saying that the event is then: `perdón, mañana`."""

    value: str
    is_place: bool
    is_doubtful: bool = False

    @property
    def has_hour(self) -> bool:
        """Return whether a place is followed by an hour: `in the park at 6`."""
        return self.is_place and _HOUR.search(fold_in_place(self.value)) is not None


def read_correction(text: str, now: datetime, zone: str) -> Correction | None:
    """Return what a line says an event has instead, or None if it says something else."""
    line = " ".join(text.split()).strip(" .!")
    folded = fold_in_place(line)
    if (named := _OTHER_PLACE.fullmatch(folded)) is not None:
        return Correction(line[named.start("place") :], is_place=True)
    begins = _BEGINNING.match(folded)
    if begins is None or "?" in line:
        return None
    end = len(line)
    while (needless := _INSTEAD.search(folded[:end])) is not None and needless.start() > 0:
        end = needless.start()
    value = line[begins.end() : end].strip(" ,")
    is_and = begins["is"] == "e " and line[begins.start("is")] not in "éÉ"
    if (is_and and not line.isascii()) or _GOES_ON.fullmatch(begins["alone"] or ""):
        return None
    is_clock = phrases.is_clock(value)
    if is_clock or _is_date(value, now, zone):
        is_later_hour = is_clock and _RATHER.search(begins["alone"] or "") is not None
        doubtful = is_and or (begins["alone"] is not None and not is_later_hour)
        return Correction(value, is_place=False, is_doubtful=doubtful)
    said = _PLACE.fullmatch(fold_in_place(value)) if begins["alone"] is None else None
    return Correction(value[said.start("place") :], is_place=True) if said is not None else None


def _is_date(text: str, now: datetime, zone: str) -> bool:
    found = drafts.parse_date(text, now, zone)
    return found.series is None and not isinstance(found.when, dates.UnreadableDate)
