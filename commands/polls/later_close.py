"""A time behind the number of `!close 1 friday`: a poll is closed now, or ends at its deadline."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from bot.api import Context, Line, Number, UserError, _, dates
from commands.poll_book import requested_proposals, texts
from commands.poll_book.poll import Poll

SHOWN_LETTERS = 60
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


@dataclass(frozen=True, slots=True)
class LaterTime:
    """When something is to be closed: the words as typed, and the instant (UTC) if they are one.

    A length of time (`2 hours`) has none, for an extension counts it from the end. `is_read` is
    false for words that may be a condition.
    """

    words: str = ""
    at: datetime | None = None
    is_read: bool = True


async def split_time(ctx: Context, text: str) -> tuple[str, LaterTime | None]:
    """Return the words that name what to close, and the later time beside them, if there is one.

    An hour is no number of a poll, and the title of a poll may hold a time.
    """
    hour = False
    for found in _NUMBER.finditer(text):
        if found[1] or found[3]:
            hour = True
            continue
        behind = text[found.end() :]
        later = _later_time(ctx, behind) or _later_time(ctx, text[: found.start()])
        if later is None and _NOW.fullmatch(behind) is None:
            later = LaterTime(behind.strip(), is_read=False)
        return found[2], later
    later = _later_time(ctx, text)
    if await ctx.item_called(text, "poll") is not None:
        return text, None
    later = later or (LaterTime() if hour else None)
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


def closing_refusal(number: Number, later: LaterTime, *more: Line) -> UserError:
    """Return the refusal to close something at a later time; `more` is said in between."""
    now = _("To close it now: `!close {number}`", number=number)
    if not later.is_read:
        words = later.words[:SHOWN_LETTERS]
        return UserError(_("I closed nothing: I didn't understand “{words}”.", words=words), now)
    return UserError(_("I closed nothing: `!close` closes at once, not later."), *more, now)


async def later_end_hint(ctx: Context, poll: Poll, later: LaterTime) -> Line:
    """Return how the poll gets this end, where it may: later than the one it has."""
    if await requested_proposals.change_refusal(ctx.db, poll.number) is not None:
        return texts.end_line(poll)
    if poll.closes is not None and (later.at is None or later.at <= poll.closes):
        return _("{end} An earlier end can't be set.", end=texts.end_line(poll))
    if not later.words:
        return _("For an end: `!extend {number} until tomorrow 18:00`", number=poll.number)
    return _(
        "For it to end then: `!extend {number} {words}`", number=poll.number, words=later.words
    )
