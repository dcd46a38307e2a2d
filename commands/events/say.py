"""How an event is told, in few lines."""

from __future__ import annotations

from datetime import timedelta

from bot.api import Day, Line, Moment, Span, _, verbatim
from commands.events.event import Date, Event

SHORT = 60


def short(title: str) -> str:
    text = " ".join(title.split())
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"


def moment(event: Event, when: Date, *, with_zone: bool = True) -> Line:
    """A date of the event, on the clock of its zone."""
    if event.all_day:
        return _("{day}, all day", day=Day(when.at, event.zone))
    return _("{moment}", moment=Moment(when.at, event.zone, with_zone))


def lines(event: Event, when: Date) -> list[Line]:
    """What an event is, when it is, where, for how many."""
    said = [_("Event {number}: {title}", number=event.item, title=event.title)]
    said.append(_when(event, when))
    said += where(event)
    if event.seats is not None:
        said.append(_("Seats: {count}", count=event.seats))
    if event.about:
        said.append(verbatim(event.about))
    return said


def _when(event: Event, when: Date) -> Line:
    shown = moment(event, when)
    if event.length is not None and not event.all_day:
        return _("{when}, lasts {length}", when=shown, length=Span(event.length))
    if event.length is not None and event.length > timedelta(days=1):
        return _("{when}, lasts {length}", when=shown, length=Span(event.length))
    return shown


def where(event: Event) -> list[Line]:
    said = [_("Place: {place}", place=event.place)] if event.place else []
    return [*said, _("Link: {link}", link=event.link)] if event.link else said
