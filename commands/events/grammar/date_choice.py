"""Ask whether one date of a series or all upcoming ones are meant."""

from __future__ import annotations

import re
from datetime import datetime

from bot.api import Context, Line, _, choice_of
from commands.events import texts
from commands.events.event import Date, Event, dates_after, next_date

ALL_DATES = re.compile(
    r"(?:tod[ao]s?(?: l[ao]s fechas| as datas)?|all(?: dates)?|la serie|a série|the series)"
    r"(?!\w)[ ,:.!]*",
    re.IGNORECASE,
)
_AT_THE_END = re.compile(rf"\s{ALL_DATES.pattern}$", re.IGNORECASE)
_ONE = (
    *("esta", "solo esta", "esta sola", "una", "solo una", "la primera", "esta fecha", "una fecha"),
    *("so esta", "essa", "so essa", "uma", "so uma", "a primeira", "esta data", "uma data"),
    *("this", "this one", "only this", "just this one", "one", "the first", "the first one"),
)
_ALL = (
    *("todas", "todo", "todos", "todas las fechas", "todas las que vienen", "la serie", "tudo"),
    *("toda la serie", "todas as datas", "todas as que vem", "a serie", "toda a serie"),
    *("all", "all of them", "all dates", "all that come", "the series", "the whole series"),
)


def split_all_dates(text: str) -> tuple[bool, str]:
    """Return whether the text names all dates of a series (`todas 21h`, `21h todas`), and the rest
    of the text."""
    first, last = ALL_DATES.match(text), _AT_THE_END.search(text)
    if first:
        return True, text[first.end() :]
    return (True, text[: last.start()]) if last else (False, text)


def example_date(event: Event, now: datetime) -> str:
    """Return a date of the series besides the next one, in digits as people type it."""
    coming = dates_after(event, now, 2)
    return f"{coming[-1].start if coming else event.start:%d/%m}"


def ask_one_or_all(
    ctx: Context, key: str, event: Event, named: Date | None, other: Line
) -> Date | None:
    """Return the one date of a series that the person means, asking if needed; None if they mean
    all dates.

    `named` is the one proposed, else the next. Raises `AnswerNeeded` until it is answered.
    """
    coming = named or next_date(event, ctx.said_at)
    assert coming is not None
    answer = int(
        ctx.ask(
            key,
            choice_of(2, walls=[coming.start], names=["", "", *_ONE, *_ALL]),
            _("This repeats. Which dates?"),
            _("{n}) {moment}", n=1, moment=texts.date_line(event, coming)),
            _("{n}) all that come", n=2),
            other,
        )
    )
    return coming if answer == 1 or 2 < answer <= 2 + len(_ONE) else None
