"""Texts about hours."""

from __future__ import annotations

from datetime import timedelta

from bot.api import Line, Person, Span, UserId, _
from commands.timebank.transfer_store import Transfer


def hours_span(minutes: int) -> Span:
    """Return a number of minutes, whatever its sign, as a length of time for a line."""
    return Span(timedelta(minutes=abs(minutes)))


def person_name(person: UserId) -> object:
    """Return the person's name for a line; `somebody` if they were forgotten."""
    return Person(person) if person else _("somebody")


def transfer_line(one: Transfer) -> Line:
    """Return the line that says who gives whom how many hours, and for what."""
    what = {
        "giver": person_name(one.giver),
        "taker": person_name(one.taker),
        "length": hours_span(one.minutes),
    }
    if not one.what:
        return _("{giver} gives {taker} {length}", **what)
    return _("{giver} gives {taker} {length}: “{what}”", what=one.what, **what)


def balance_line(minutes: int) -> Line:
    """Return a balance in minutes with its sign: `+2 h`, `−30 min`, `0 h`."""
    if minutes == 0:
        return _("0 h")
    return (
        _("+{length}", length=hours_span(minutes))
        if minutes > 0
        else _("−{length}", length=hours_span(minutes))
    )
