"""Parse from when until when something is lent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.api import Context, NamedArgument, ParsedArguments, UserError, _, dates, words
from commands.lending import phrases
from commands.lending.declaration import LONGEST_LOAN

UNTIL = NamedArgument(
    words("hasta", "até", "until", "vuelve, devolución | volta, devolução | by, back, return"),
    joined=("hasta", "até", "until", "till", "by"),
)
FROM = NamedArgument(
    words("desde", "a partir de", "from", "a partir del | a partir do | starting"),
    joined=("desde", "a partir de", "a partir del", "a partir do", "from", "starting"),
)
ARGS = (UNTIL, FROM)
_DESCRIPTION = re.compile(r"(?:de|del|da|do|of)\s", re.IGNORECASE)
"""Matches a date that only describes the thing, as in `el libro del viernes`."""


@dataclass(frozen=True, slots=True)
class LoanSpan:
    """When something is lent, in UTC, and the rest of the text.

    `starts` is None for now, or as soon as it is free. `until` is None if it was not said.
    """

    starts: datetime | None
    until: datetime | None
    timed: bool
    zone: str
    rest: str


def read_span(ctx: Context, parts: ParsedArguments, zone: str) -> LoanSpan:
    """Return the start and end of a loan that the words name.

    Raises `AnswerNeeded` for a doubtful date, `UserError` for an impossible one.
    """
    until, start, rest = _split_phrases(ctx, parts, zone)
    starts = _read_start(ctx, start, zone) if start else None
    if until is None:
        return LoanSpan(starts, None, False, zone, rest)
    ends, timed = until if isinstance(until, tuple) else _read_end(ctx, until, zone)
    if ends <= (starts or ctx.said_at):
        raise UserError(
            _("It has to come back after it went."),
            _("For example: `!lend projector to @ana until tomorrow`"),
        )
    if ends - ctx.said_at > LONGEST_LOAN:
        raise UserError(_("That is too far away: two years at most."))
    return LoanSpan(starts, ends, timed, zone, rest)


def _split_phrases(
    ctx: Context, parts: ParsedArguments, zone: str
) -> tuple[str | tuple[datetime, bool] | None, str | None, str]:
    """Return the words of the end and of the start, and the rest.

    A length of time is returned as the end it leads to.
    """
    until = parts.named.get(UNTIL.key) or ctx.answers.get("part:until")
    start, rest = parts.named.get(FROM.key), parts.free
    if until is not None:
        return until, start, rest
    if (both := phrases.split_span(rest)) and _is_date(ctx, both[1], zone):
        return both[2], both[1], both[0]
    if (lasts := phrases.split_length(rest)) and (long := dates.read_duration(lasts[1])):
        return _end_after(ctx, long, zone), start, lasts[0]
    found = dates.find_date(rest, ctx.said_at, zone)
    at_end = found is not None and rest.rstrip().endswith(found.phrase)
    if found and at_end and found.rest.strip() and not _DESCRIPTION.match(found.phrase):
        return found.phrase, start, found.rest
    return None, start, rest


def _is_date(ctx: Context, phrase: str, zone: str) -> bool:
    return not isinstance(dates.read_date(phrase, ctx.said_at, zone), dates.UnreadableDate)


def _end_after(ctx: Context, long: timedelta, zone: str) -> tuple[datetime, bool]:
    """Return the end of a length of time: three days end with the third day."""
    start = datetime.fromisoformat(ctx.answers.setdefault("lent at", ctx.said_at.isoformat()))
    if long < timedelta(days=1):
        return start + long, True
    day = dates.to_wall(start + long, zone).date()
    return dates.to_utc(datetime.combine(day, time(23, 59)), zone), False


def _read_start(ctx: Context, phrase: str, zone: str) -> datetime | None:
    """Return the start. Today without an hour is now."""
    when = ctx.choose_reading(phrase, dates.read_date(phrase, ctx.said_at, zone))
    if not when.has_time:
        day = datetime.combine(when.wall.date(), time(0))
        return max(dates.to_utc(day, when.zone), ctx.said_at)
    return when.at


def _read_end(ctx: Context, phrase: str, zone: str) -> tuple[datetime, bool]:
    when = ctx.choose_reading(phrase, dates.read_date(phrase, ctx.said_at, zone))
    if when.has_time:
        return when.at, True
    return dates.to_utc(datetime.combine(when.wall.date(), time(23, 59)), when.zone), False
