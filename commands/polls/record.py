"""The record: what was decided, found by word and by date."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta

from bot.api import (
    Answer,
    Arg,
    Context,
    Day,
    Line,
    Parts,
    RoomId,
    UserError,
    _,
    dates,
    fold,
    rooms,
    words,
)
from commands.polls import record_store, say
from commands.polls.ballots import Verdict
from commands.polls.base import DECISIONS, feature
from commands.polls.record_store import Entry

PAGE = 10
SINCE = Arg(words("desde", "desde", "since"), joined=("desde", "since"))
UNTIL = Arg(words("hasta", "até", "until"), joined=("hasta", "até", "until"))
_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "enero janeiro january",
            "febrero fevereiro february",
            "marzo marco march",
            "abril april",
            "mayo maio may",
            "junio junho june",
            "julio julho july",
            "agosto august",
            "septiembre setiembre setembro september",
            "octubre outubro october",
            "noviembre novembro november",
            "diciembre dezembro december",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = re.compile(
    r"(?:en |em |in )?(?:el mes de |mes de )?([a-z]+)(?:(?: de| del| of)? (20\d\d))?"
)
VERDICTS: dict[Verdict, Line] = {
    Verdict.WON: _("decided"),
    Verdict.TIE: _("tie"),
    Verdict.APPROVED: _("approved"),
    Verdict.NOT_APPROVED: _("not approved"),
    Verdict.NO_QUORUM: _("no quorum"),
    Verdict.NOBODY: _("nobody voted"),
}


@feature.command(
    words("decisiones", "decisoes", "decisions", "acuerdos | deliberações |"),
    help=_("what was decided, by word or by date"),
    example=_("For example: `!decisions charter since October`"),
    topic=DECISIONS,
    args=(SINCE, UNTIL),
)
async def decisions(ctx: Context, parts: Parts) -> Answer:
    """The newest first; in private, of all rooms that the person shares with the bot."""
    text = " ".join((parts.free, *parts.quoted)).strip()
    first, last = _between(ctx, parts)
    found_day = _span(ctx, text) if text and not parts.quoted else None
    if found_day is not None and first is None and last is None:
        (first, last), text = found_day, ""
    places = await _rooms(ctx)
    found = await record_store.find(ctx.db, places, fold(text), first, last, PAGE + 1)
    if not found:
        raise UserError(
            _("I find no decision like that."), _("All of them: `!decisions`. Open: `!pending`")
        )
    lines = [_entry(one, len(places) > 1) for one in found[:PAGE]]
    if len(found) > PAGE:
        lines.append(_("There are more: add a word or a date, `!decisions since October`."))
    return [*lines, _("One in full: `!minutes {number}`", number=found[0].number)]


async def _rooms(ctx: Context) -> list[RoomId]:
    if not ctx.private:
        return [ctx.room]
    return [room.room for room in await rooms.shared_rooms(ctx.db, ctx.who)]


def _entry(one: Entry, with_room: bool) -> Line:
    verdict = VERDICTS[one.verdict]
    named: dict[str, object] = {
        "number": one.number,
        "day": Day(one.ended),
        "verdict": verdict,
        "title": say.short(one.title),
    }
    if with_room:
        return Line(
            "{number} {day}, {room}: “{title}”, {verdict}", {**named, "room": one.room_name}
        )
    return Line("{number} {day}: “{title}”, {verdict}", named)


def _between(ctx: Context, parts: Parts) -> tuple[datetime | None, datetime | None]:
    since, until = parts.named.get(SINCE.key), parts.named.get(UNTIL.key)
    first = _edge(ctx, since)[0] if since else None
    last = _edge(ctx, until)[1] if until else None
    return first, last


def _edge(ctx: Context, phrase: str) -> tuple[datetime, datetime]:
    found = _span(ctx, phrase)
    if found is None:
        raise UserError(
            _("I can't read “{words}” as a date.", words=phrase[:80]),
            _("For example: `!decisions since October`, `!decisions since 01/10`"),
        )
    return found


def _span(ctx: Context, phrase: str) -> tuple[datetime, datetime] | None:
    """The day or the month that a phrase says, from its first instant to its last."""
    match = _MONTH.fullmatch(fold(phrase).strip())
    today = dates.to_wall(ctx.now, ctx.policy.zone).date()
    if match and match[1] in _MONTHS:
        month = _MONTHS[match[1]]
        year = int(match[2]) if match[2] else today.year - (month > today.month)
        return _days(ctx, date(year, month, 1), date(year, month, monthrange(year, month)[1]))
    read = dates.read(phrase, ctx.now, ctx.policy.zone)
    if isinstance(read, dates.Past):
        return _days(ctx, read.when.wall.date(), read.when.wall.date())
    if isinstance(read, dates.When):
        return _days(ctx, read.wall.date(), read.wall.date())
    return None


def _days(ctx: Context, first: date, last: date) -> tuple[datetime, datetime]:
    zone = ctx.policy.zone
    return (
        dates.to_utc(datetime.combine(first, time(0)), zone),
        dates.to_utc(datetime.combine(last + timedelta(days=1), time(0)), zone),
    )
