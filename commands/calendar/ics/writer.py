"""Write events to a calendar file that is right across changes of the clocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Component, vRecur
from icalendar import Event as Entry

from bot.api import dates
from commands.calendar.ics import rules, zones
from commands.calendar.ics.escaped_text import EscapedText
from commands.calendar.ics.text_values import join_lines, safe_link, strip_addresses
from commands.events.event import MOST_DATES, USUAL_LENGTH, Date, Event, dates_after, make_date
from commands.events.map_points import event_point

ZONE_HORIZON = timedelta(days=3653)
"""How far ahead the file itself says when the clocks change."""
_DAY = timedelta(days=1)


def write_calendar(events: Sequence[Event], now: datetime) -> bytes:
    """Return the calendar file of these events.

    UIDs never change; no people, room or homeserver are named.
    """
    made = Calendar()
    made.add("prodid", "-//Minga//Minga//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    for zone in _zone_components(events):
        made.add_component(zone)
    for event in events:
        for entry in _event_entries(event, now):
            made.add_component(entry)
    return bytes(made.to_ical())


def _zone_components(events: Iterable[Event]) -> Iterable[Component]:
    spans: dict[str, tuple[date, date]] = {}
    for event in events:
        if event.all_day or event.zone == "UTC":
            continue
        starts = [event.start, *(moved for moved in event.changed.values() if moved)]
        first, last = (
            min(starts).date(),
            max(starts).date() + (ZONE_HORIZON if event.rule else _DAY),
        )
        before = spans.get(event.zone, (first, last))
        spans[event.zone] = (min(first, before[0]), max(last, before[1]))
    for name, (first, last) in sorted(spans.items()):
        yield zones.zone_definition(name, date(first.year - 1, 12, 1), date(last.year + 1, 1, 1))


def _event_entries(event: Event, now: datetime) -> Iterable[Entry]:
    """Yield the event or series, then each date that differs from the rule."""
    if event.rule is None:
        yield _build_entry(
            event, make_date(event, event.start, event.changed.get(event.start)), now
        )
        return
    first = make_date(event, event.start)
    series = _build_entry(event, replace(first, start=first.key), now)
    rule = rules.export_rule(event.rule, event.zone, all_day=event.all_day)
    series.add("rrule", vRecur.from_ical(rule))
    if off := sorted(key for key, start in event.changed.items() if start is None):
        series.add("exdate", [_entry_time(event, key) for key in off])
    yield series
    for when in _dates_off_rule(event, now):
        moved = _build_entry(event, when, now)
        moved.add("recurrence-id", _entry_time(event, when.key))
        yield moved


def _dates_off_rule(event: Event, now: datetime) -> Iterable[Date]:
    """Return the dates that were moved, and those that a clock change moves."""
    moved = {key: make_date(event, key, start) for key, start in event.changed.items() if start}
    jumped = {
        when.key: when for when in dates_after(event, now, MOST_DATES) if when.start != when.key
    }
    return [when for _key, when in sorted((jumped | moved).items())]


def _build_entry(event: Event, when: Date, now: datetime) -> Entry:
    made = Entry()
    made.add("uid", EscapedText(event.uid))
    made.add("sequence", event.sequence)
    made.add("dtstamp", now)
    made.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    made.add("class", "PRIVATE")
    made.add("dtstart", _entry_time(event, when.start))
    made.add("dtend", _entry_time(event, _end_of_entry(event, when)))
    _add_text(made, "summary", join_lines(strip_addresses(event.title)))
    url = safe_link(event.link)
    _add_text(made, "location", join_lines(strip_addresses(event.place)) or url)
    _add_text(made, "description", "\n\n".join(filter(None, (strip_addresses(event.about), url))))
    if url:
        made.add("url", url)
    if point := event_point(event):
        made.add("geo", (float(point.latitude), float(point.longitude)))
    return made


def _add_text(entry: Entry, name: str, text: str) -> None:
    if text:
        entry.add(name, EscapedText(text))


def _end_of_entry(event: Event, when: Date) -> datetime:
    if event.all_day:
        return when.start + max(event.length or _DAY, _DAY)
    return dates.to_wall(when.at + (event.length or USUAL_LENGTH), event.zone)


def _entry_time(event: Event, wall: datetime) -> date:
    if event.all_day:
        return wall.date()
    return wall.replace(tzinfo=UTC if event.zone == "UTC" else ZoneInfo(event.zone))
