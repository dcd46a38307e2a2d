"""Texts about hours."""

from __future__ import annotations

from datetime import timedelta

from bot.api import Line, Person, Span, UserId, _
from commands.timebank.transfer_store import Transfer


def length(minutes: int) -> Span:
    return Span(timedelta(minutes=abs(minutes)))


def name(person: UserId) -> object:
    return Person(person) if person else _("somebody")


def given(one: Transfer) -> Line:
    """Return who gives whom how much, and for what."""
    what = {"giver": name(one.giver), "taker": name(one.taker), "length": length(one.minutes)}
    if not one.what:
        return _("{giver} gives {taker} {length}", **what)
    return _("{giver} gives {taker} {length}: “{what}”", what=one.what, **what)


def balance(minutes: int) -> Line:
    if minutes == 0:
        return _("0 h")
    return (
        _("+{length}", length=length(minutes))
        if minutes > 0
        else _("−{length}", length=length(minutes))
    )
