"""Reads what stands behind `!close`: nothing, a later time, or words for what is replied to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from bot.api import Context, dates, fold

_MONTH = "ene|fe[bv]|mar|abr|may|mai|jun|jul|ago|sep|set|o[cu]t|nov|di[cz]|de[cz]|jan"
_NUMBER = re.compile(
    r"(\b(?:a las?|[aà]s|at)\s)?(?<![\w:/.,-])#?(\d{1,9})(?![\d:/-])"
    rf"(\s?(?:[ap]\.?m|hs?|hours?|horas?|min\w*)\b|\sde\s(?:{_MONTH}))?",
    re.IGNORECASE,
)
"""A number, with what makes it a part of a time."""
_NO_DATE = re.compile(
    r"\W*(?:hasta|at[eé]|until|till?|m[aá]s tarde|mais tarde|later|luego|despu[eé]s|depois|after"
    r"|cuando|quando|when|en un rato|daqui a|(?:la )?pr[oó]xima|next)\b",
    re.IGNORECASE,
)
"""What begins with a later time that is no date by itself: `when all have voted`."""
_NOW = re.compile(
    r"(?:\W|\b(?:ya|ahora|ahorita|mismo|j[aá]|agora|mesmo|now|right|away|at once|immediately|de una"
    r"|inmediatamente|imediatamente|por ?fa(?:vor|s)?|porfis|pf|pfv?r?|pls|plz|please|gracias"
    r"|obrigad[oa]|thanks|thank you|encuesta|enquete|votaci[oó]n|vota[cç][aã]o|propuesta|proposta"
    r"|poll|vote|proposal)\b)*",
    re.IGNORECASE,
)
"""What may stand behind the number of what is closed now."""
_A_NUMBER = re.compile(r"(?<!\w)#?\d")
_THIS = re.compile(
    r"\W*(?:(?:el|la|este|esta|ese|esa|o|a|esse|essa|the|this|that) )?(?:est[aeo]|es[aeo]|isso|isto"
    r"|this|that|it|form(?:ulario)?|cuestionario|questionario|questionnaire|preguntas|perguntas"
    r"|questions)(?: (?:ya|ahora|ja|agora|now|por favor|porfa|please))?\W*"
)
"""Words for what a line replies to: `esto`, `el formulario ya`. Folded."""


@dataclass(frozen=True, slots=True)
class LaterTime:
    """When something is to be closed: the words as typed, and the instant (UTC) if they are one.

    A length of time (`2 hours`) has none, for an extension counts it from the end. `is_read` is
    false for words that may be a condition.
    """

    words: str = ""
    at: datetime | None = None
    is_read: bool = True


def adds_nothing(text: str) -> bool:
    """Return whether the text adds nothing to what is closed: `ya`, `por favor`, no words."""
    return _NOW.fullmatch(text) is not None


def split_time(ctx: Context, text: str, *, is_title: bool) -> tuple[str, LaterTime | None]:
    """Return the words that name what to close, and the later time beside them, if there is one.

    An hour is no number of a poll. `is_title`: the text begins with the title of a poll, which may
    hold a time.
    """
    hour = False
    for found in _NUMBER.finditer(text):
        if found[1] or found[3]:
            hour = True
            continue
        behind = text[found.end() :]
        later = _later_time(ctx, behind) or _later_time(ctx, text[: found.start()])
        if later is None and not adds_nothing(behind):
            later = LaterTime(behind.strip(), is_read=False)
        return found[2], later
    if is_title:
        return text, None
    later = _later_time(ctx, text) or (LaterTime() if hour else None)
    whole = dates.find_date(text, ctx.said_at, ctx.policy.zone)
    return _NUMBER.split(whole.rest if whole else text, maxsplit=1)[0], later


def _later_time(ctx: Context, text: str) -> LaterTime | None:
    found = dates.find_date(text, ctx.said_at, ctx.policy.zone)
    if found is not None:
        match found.reading:
            case dates.ZonedTime(at=at):
                return LaterTime(found.phrase, at)
            case dates.AmbiguousDate(options=options):
                return LaterTime(found.phrase, max(one.at for one in options))
        return LaterTime()
    length = text.strip(" .!")
    if dates.read_duration(length) is not None:
        return LaterTime(length)
    return LaterTime() if _NO_DATE.match(text) else None


def means_replied(text: str) -> bool:
    """Return whether the words mean what the line replies to: none, a number, or `esto`."""
    return (
        _A_NUMBER.search(text) is not None
        or _THIS.fullmatch(fold(text)) is not None
        or adds_nothing(text)
    )
