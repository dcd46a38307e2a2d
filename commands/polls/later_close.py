"""A time behind the number of `!close 1 friday`: a poll is closed now, or ends at its deadline."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from bot.api import Context, Line, Number, UserError, _, dates
from commands.decision_rules import vote_rules
from commands.poll_book import requested_proposals, texts
from commands.poll_book.poll import Poll

_BEGINS_WITH_NUMBER = re.compile(r"\s*#?\d{1,9}\s")
_NO_DATE = re.compile(
    r"\W*(?:hasta|at[eé]|until|till?|m[aá]s tarde|mais tarde|later|luego|despu[eé]s|depois|after"
    r"|cuando|quando|when|en un rato|daqui a|(?:la )?pr[oó]xima|next)\b",
    re.IGNORECASE,
)
"""What begins with a later time that is no date by itself: `when all have voted`."""


@dataclass(frozen=True, slots=True)
class LaterTime:
    """When something is to be closed: the words as typed, and the instant (UTC) if they are one.

    A length of time (`2 hours`) has none, for an extension counts it from the end.
    """

    words: str = ""
    at: datetime | None = None


async def split_time(ctx: Context, text: str) -> tuple[str, LaterTime | None]:
    """Return the words that name what to close, and the later time beside them, if there is one.

    The title of a poll may hold a time.
    """
    number = vote_rules.first_number(text)
    whole = dates.find_date(text, ctx.said_at, ctx.policy.zone)
    if whole is not None and not whole.rest and not _BEGINS_WITH_NUMBER.match(text):
        return "", _later_time(ctx, text)
    if number:
        return text, _later_time(ctx, text.partition(number)[2])
    if whole is None or await ctx.item_called(text, "poll") is not None:
        return text, None
    return whole.rest, _later_time(ctx, text)


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


def closing_refusal(number: Number, *more: Line) -> UserError:
    """Return the refusal to close something at a later time; `more` is said in between."""
    return UserError(
        _("I closed nothing: `!close` closes at once, not later."),
        *more,
        _("To close it now: `!close {number}`", number=number),
    )


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
