"""The calendar of all published events (iCalendar, RFC 5545)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Component, vRecur
from icalendar import Event as Entry

from commands.calendar.ics.escaped_text import EscapedText
from commands.calendar.ics.zones import zone_definition
from commands.public_site import paths
from commands.public_site.feeds import stable_id
from commands.public_site.published import PublishedItem, SiteProfile, documents
from commands.public_site.site_words import instant, known_zone
from commands.public_site.typed_words import clean, plain

LENGTH = timedelta(hours=1)
"""How long an event is taken to be where nobody said."""
ZONE_HORIZON = timedelta(days=3653)
"""How far ahead the file says itself when the clocks change, for what repeats."""
_DAY = timedelta(days=1)
_TITLE, _ABOUT = 500, 4_000
_RULE = re.compile(r"FREQ=(?:DAILY|WEEKLY|MONTHLY|YEARLY)(?:;[A-Z]{3,10}=[A-Z0-9,+-]{1,80}){0,12}")


def write_calendar(items: Sequence[PublishedItem], site: SiteProfile) -> bytes:
    """Return the public calendar file of these events, in the network's first language.

    The same events have the same bytes: nothing in it depends on when it is written.
    """
    made = Calendar()
    made.add("prodid", "-//Minga//Minga//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", EscapedText(clean(site.name)))
    events = [(item, one.event) for item in items if (one := item.document) and one.event]
    for zone in _zones(event for _item, event in events):
        made.add_component(zone)
    for item, event in events:
        made.add_component(_entry(item, event, site))
    return bytes(made.to_ical())


def _zones(events: Iterable[documents.PublicEvent]) -> Iterator[Component]:
    """Yield the definition of each zone, for whole years."""
    spans: dict[str, tuple[date, date]] = {}
    for event in events:
        zone, begins = known_zone(event.zone), instant(event.begins)
        if event.all_day or zone == "UTC":
            continue
        first, last = spans.get(zone, (begins.date(), begins.date()))
        horizon = ZONE_HORIZON if _rule(event) else _DAY
        spans[zone] = min(first, begins.date()), max(last, _later(begins, horizon).date())
    for zone, (first, last) in sorted(spans.items()):
        yield zone_definition(
            zone, date(first.year - 1, 12, 1), date(min(last.year + 1, 9999), 1, 1)
        )


def _entry(item: PublishedItem, event: documents.PublicEvent, site: SiteProfile) -> Entry:
    language, document = site.languages[0], item.document
    made = Entry()
    made.add("uid", EscapedText(stable_id(site, item.number)))
    made.add("dtstamp", instant(item.changed))
    made.add("last-modified", instant(item.changed))
    made.add("sequence", max(0, item.changed - item.since))
    made.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    begins, ends = _span(event)
    made.add("dtstart", begins)
    made.add("dtend", ends)
    if rule := _rule(event):
        made.add("rrule", vRecur.from_ical(rule))
        for name, dates in (("exdate", event.left_out), ("rdate", event.added)):
            if dates:
                made.add(name, [_time(event, at) for at in dates])
    if document:
        _add_text(made, "summary", plain(document.title, language, _TITLE))
        about = "\n\n".join(text.in_language(language)[:_ABOUT] for text in document.paragraphs)
        _add_text(made, "description", clean(about)[:_ABOUT])
    if event.place:
        _add_text(made, "location", plain(event.place, language, _TITLE))
    if site.address:
        page = paths.item_page(item.kind, item.number)
        made.add("url", f"{site.address}{language}/{page}")
    return made


def _span(event: documents.PublicEvent) -> tuple[date, date]:
    """Return beginning and end: dates of whole days, else times in the event's zone."""
    ends = event.ends if event.ends and event.ends > event.begins else None
    if event.all_day:
        first = _time(event, event.begins)
        return first, max(first + _DAY, _time(event, ends or event.begins))
    last = ends or int(_later(instant(event.begins), LENGTH).timestamp())
    return _time(event, event.begins), _time(event, last)


def _time(event: documents.PublicEvent, at: int) -> date:
    """Return an instant as the event's zone writes it, of whole days the date."""
    zone = known_zone(event.zone)
    wall = instant(at).astimezone(UTC if zone == "UTC" else ZoneInfo(zone))
    return wall.date() if event.all_day else wall


def _rule(event: documents.PublicEvent) -> str:
    """Return the rule by which it repeats, or nothing if it is none."""
    return event.repeats if _RULE.fullmatch(event.repeats) else ""


def _later(at: datetime, span: timedelta) -> datetime:
    """Return an instant so much later, at most in the year 9999."""
    return instant(int((at + span).timestamp())) if at.year < 9980 else at


def _add_text(entry: Entry, name: str, text: str) -> None:
    if text:
        entry.add(name, EscapedText(text))
