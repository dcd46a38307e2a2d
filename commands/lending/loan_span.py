"""Parse from when until when something is lent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.api import Arg, Context, Parts, UserError, _, dates, words
from commands.lending import phrases
from commands.lending.declaration import LONGEST_LOAN

UNTIL = Arg(
    words("hasta", "até", "until", "vuelve, devolución | volta, devolução | by, back, return"),
    joined=("hasta", "até", "until", "till", "by"),
)
FROM = Arg(
    words("desde", "a partir de", "from", "a partir del | a partir do | starting"),
    joined=("desde", "a partir de", "a partir del", "a partir do", "from", "starting"),
)
ARGS = (UNTIL, FROM)
_OF = re.compile(r"(?:de|del|da|do|of)\s", re.IGNORECASE)
"""Matches a date that only describes the thing, as in `el libro del viernes`."""


@dataclass(frozen=True, slots=True)
class Span:
    """When something is lent, in UTC, and the rest of the text.

    `starts` is None for now, or as soon as it is free. `until` is None if it was not said.
    """

    starts: datetime | None
    until: datetime | None
    timed: bool
    zone: str
    rest: str


def read(ctx: Context, parts: Parts, zone: str) -> Span:
    """Return the span. Raises `Asking` for a doubtful date, `UserError` for an impossible one."""
    until, start, rest = _phrases(ctx, parts, zone)
    starts = _start(ctx, start, zone) if start else None
    if until is None:
        return Span(starts, None, False, zone, rest)
    ends, timed = until if isinstance(until, tuple) else _end(ctx, until, zone)
    if ends <= (starts or ctx.now):
        raise UserError(
            _("It has to come back after it went."),
            _("For example: `!lend projector to @ana until tomorrow`"),
        )
    if ends - ctx.now > LONGEST_LOAN:
        raise UserError(_("That is too far away: two years at most."))
    return Span(starts, ends, timed, zone, rest)


def _phrases(
    ctx: Context, parts: Parts, zone: str
) -> tuple[str | tuple[datetime, bool] | None, str | None, str]:
    """Return the words of the end and of the start, and the rest.

    A length of time is returned as the end it leads to.
    """
    until = parts.named.get(UNTIL.key) or ctx.known.get("part:until")
    start, rest = parts.named.get(FROM.key), parts.free
    if until is not None:
        return until, start, rest
    if (both := phrases.span(rest)) and _is_date(ctx, both[1], zone):
        return both[2], both[1], both[0]
    if (lasts := phrases.length(rest)) and (long := dates.duration(lasts[1])):
        return _lasting(ctx, long, zone), start, lasts[0]
    found = dates.find(rest, ctx.now, zone)
    at_end = found is not None and rest.rstrip().endswith(found.phrase)
    if found and at_end and found.rest.strip() and not _OF.match(found.phrase):
        return found.phrase, start, found.rest
    return None, start, rest


def _is_date(ctx: Context, phrase: str, zone: str) -> bool:
    return not isinstance(dates.read(phrase, ctx.now, zone), dates.Unreadable)


def _lasting(ctx: Context, long: timedelta, zone: str) -> tuple[datetime, bool]:
    """Return the end of a length of time: three days end with the third day."""
    start = datetime.fromisoformat(ctx.known.setdefault("lent at", ctx.now.isoformat()))
    if long < timedelta(days=1):
        return start + long, True
    day = dates.to_wall(start + long, zone).date()
    return dates.to_utc(datetime.combine(day, time(23, 59)), zone), False


def _start(ctx: Context, phrase: str, zone: str) -> datetime | None:
    """Return the start. Today without an hour is now."""
    when = ctx.reading(phrase, dates.read(phrase, ctx.now, zone))
    if not when.has_time:
        day = datetime.combine(when.wall.date(), time(0))
        return max(dates.to_utc(day, when.zone), ctx.now)
    return when.at


def _end(ctx: Context, phrase: str, zone: str) -> tuple[datetime, bool]:
    when = ctx.reading(phrase, dates.read(phrase, ctx.now, zone))
    if when.has_time:
        return when.at, True
    return dates.to_utc(datetime.combine(when.wall.date(), time(23, 59)), when.zone), False
