"""Build the lines that describe an event and its dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from bot.api import Day, Line, Moment, Span, _, dates, n_, shorten_line, verbatim
from commands.events.event import Date, Event, make_date

LONGEST_SHOWN_TITLE = 60
MOST_EXCEPTIONS = 5
"""How many moved or cancelled dates of a series are listed at most."""


shorten_title = partial(shorten_line, most=LONGEST_SHOWN_TITLE)


def date_line(event: Event, when: Date, *, with_zone: bool = True) -> Line:
    """Return a line with this date of the event, on the clock of the event's zone."""
    if event.all_day:
        return _("{day}, all day", day=Day(when.at, event.zone))
    return _("{moment}", moment=Moment(when.at, event.zone, with_zone))


def date_line_on_clock(event: Event, when: Date, zone: str) -> Line:
    """Return a line with this date on the clock of `zone`.

    Where that clock differs from the event's, the line gives both times.
    """
    there = date_line(event, when)
    if event.all_day or dates.to_wall(when.at, zone) == dates.to_wall(when.at, event.zone):
        return there
    both = {"moment": Moment(when.at, zone), "there": _("There: {moment}", moment=there)}
    return Line("{moment} · {there}", both)


def event_lines(event: Event, when: Date, language: str, now: datetime) -> list[Line]:
    """Return the lines that describe an event at one of its dates: title, time, place, seats.

    `language` is that of the reader; `now` is in UTC.
    """
    said = [_("Event {number}: {title}", number=event.item, title=event.title)]
    said.append(join_parts([time_line(event, when), *_place_and_seats(event)]))
    if event.rule is not None:
        said.append(_("It repeats: {rhythm}.", rhythm=describe_rhythm(event, language, now)))
        said += exception_lines(event, now)
    if event.link:
        said.append(_("Link: {link}", link=event.link))
    if event.about:
        said.append(verbatim(event.about))
    return said


def join_parts(parts: Sequence[Line]) -> Line:
    """Return these parts on one line, with a dot between them."""
    return Line("{parts}", {"parts": tuple(parts)})


def _place_and_seats(event: Event) -> list[Line]:
    parts = [Line("{place}", {"place": event.place})] if event.place else []
    if event.seats is not None:
        parts.append(n_("{count} seat", "{count} seats", event.seats))
    return parts


def time_line(event: Event, when: Date) -> Line:
    """Return the line that says when this date of the event begins, and how long it lasts."""
    length = event.length
    if event.all_day:
        if length is None or length <= timedelta(days=1):
            return date_line(event, when)
        last = Day(when.at + length - timedelta(hours=1), event.zone)
        return _("{day}, until {last}", day=Day(when.at, event.zone), last=last)
    shown = Moment(when.at, event.zone)
    return (
        _("{moment}, lasts {length}", moment=shown, length=Span(length))
        if length
        else date_line(event, when)
    )


def exception_lines(event: Event, now: datetime) -> list[Line]:
    """Return a line for each upcoming date of a series that was moved or cancelled."""
    said: list[Line] = []
    for key, start in sorted(event.changed.items()):
        when = make_date(event, key, start)
        if when.at > now and len(said) < MOST_EXCEPTIONS:
            was = Day(make_date(event, key).at, event.zone)
            said.append(
                _("Not: {day}", day=was)
                if start is None
                else _("Moved: {day} → {moment}", day=was, moment=date_line(event, when))
            )
    return said


def place_lines(event: Event) -> list[Line]:
    """Return the lines with the place and the link of an event, as far as it has them."""
    said = [_("Place: {place}", place=event.place)] if event.place else []
    return [*said, _("Link: {link}", link=event.link)] if event.link else said


def describe_rhythm(event: Event, language: str, now: datetime) -> str:
    """Return in words of the given language how an event series repeats."""
    series = dates.Recurrence(event.rule or "", event.start, event.zone, not event.all_day)
    return dates.say_series(series, language, now)
