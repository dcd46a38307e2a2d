"""How an event is told, in few lines."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.api import Day, Line, Moment, Span, _, dates, verbatim
from commands.events.event import Date, Event, one

SHORT = 60
EXCEPTIONS = 5
"""So many dates are named that are not when the rule says."""


def short(title: str) -> str:
    text = " ".join(title.split())
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"


def moment(event: Event, when: Date, *, with_zone: bool = True) -> Line:
    """A date of the event, on the clock of its zone."""
    if event.all_day:
        return _("{day}, all day", day=Day(when.at, event.zone))
    return _("{moment}", moment=Moment(when.at, event.zone, with_zone))


def own(event: Event, when: Date, zone: str) -> Line:
    """A date on this clock, for one person; beside it on that of the event where they differ."""
    there = moment(event, when)
    if event.all_day or dates.to_wall(when.at, zone) == dates.to_wall(when.at, event.zone):
        return there
    both = {"moment": Moment(when.at, zone), "there": _("There: {moment}", moment=there)}
    return Line("{moment} · {there}", both)


def lines(event: Event, when: Date, language: str, now: datetime) -> list[Line]:
    """What an event is, when it is, where, for how many."""
    said = [_("Event {number}: {title}", number=event.item, title=event.title)]
    said.append(_when(event, when))
    if event.rule is not None:
        said.append(_("It repeats: {rhythm}.", rhythm=rhythm(event, language, now)))
        said += left_out(event, now)
    said += where(event)
    if event.seats is not None:
        said.append(_("Seats: {count}", count=event.seats))
    if event.about:
        said.append(verbatim(event.about))
    return said


def _when(event: Event, when: Date) -> Line:
    length = event.length
    if event.all_day:
        if length is None or length <= timedelta(days=1):
            return moment(event, when)
        last = Day(when.at + length - timedelta(hours=1), event.zone)
        return _("{day}, until {last}", day=Day(when.at, event.zone), last=last)
    shown = Moment(when.at, event.zone)
    return (
        _("{moment}, lasts {length}", moment=shown, length=Span(length))
        if length
        else moment(event, when)
    )


def left_out(event: Event, now: datetime) -> list[Line]:
    """The dates to come of a series that are not when the rule says."""
    said: list[Line] = []
    for key, start in sorted(event.changed.items()):
        when = one(event, key, start)
        if when.at > now and len(said) < EXCEPTIONS:
            was = Day(one(event, key).at, event.zone)
            said.append(
                _("Not: {day}", day=was)
                if start is None
                else _("Moved: {day} → {moment}", day=was, moment=moment(event, when))
            )
    return said  # fmt: skip


def where(event: Event) -> list[Line]:
    said = [_("Place: {place}", place=event.place)] if event.place else []
    return [*said, _("Link: {link}", link=event.link)] if event.link else said


def rhythm(event: Event, language: str, now: datetime) -> str:
    """How the series goes, in the language of its reader."""
    series = dates.Recurrence(event.rule or "", event.start, event.zone, not event.all_day)
    return dates.say_series(series, language, with_zone=False, now=now)
