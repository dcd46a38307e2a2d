"""Send a map point for an event whose place or link gives coordinates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from bot.api import Effect, RoomId, SendRaw
from commands.events import texts
from commands.events.event import Event

_N = r"(-?\d{1,3}(?:\.\d{1,12})?)"
_NOTATIONS = (
    re.compile(rf"geo:{_N},{_N}", re.IGNORECASE),
    re.compile(rf"[?&]mlat={_N}&mlon={_N}"),
    re.compile(rf"#map=\d{{1,2}}/{_N}/{_N}"),
    re.compile(rf"!3d{_N}!4d{_N}"),
    re.compile(rf"[?&](?:q|ll|query|destination)=(?:loc:)?{_N}, ?{_N}(?!\d)"),
    re.compile(rf"/@{_N},{_N}(?!\d)"),
    re.compile(r"(?<![\d.,-])(-?\d{1,2}\.\d{2,12}), ?(-?\d{1,3}\.\d{2,12})(?![\d,.]*\d)"),
)
"""The notations of coordinates: geo URI, OpenStreetMap, Google Maps, two decimal numbers."""


@dataclass(frozen=True, slots=True)
class MapPoint:
    """Coordinates as they were written, so that nothing is rounded."""

    latitude: str
    longitude: str

    @property
    def uri(self) -> str:
        """The `geo:` URI of the point (RFC 5870)."""
        return f"geo:{self.latitude},{self.longitude}"


def find_point(text: str) -> MapPoint | None:
    """Return the coordinates that the text of a place or a link contains, or None."""
    plain = unquote(text)
    for pattern in _NOTATIONS:
        found = pattern.search(plain)
        if found and abs(float(found[1])) <= 90 and abs(float(found[2])) <= 180:
            return MapPoint(found[1], found[2])
    return None


def event_point(event: Event) -> MapPoint | None:
    """Return the coordinates of the event, or None."""
    return find_point(event.place) or find_point(event.link)


def post_location(event: Event, before: Event | None, room: RoomId) -> list[Effect]:
    """Send a location message for a new event, and again when the place changes (MSC3488). Return
    the messages."""
    point = event_point(event)
    if point is None or event.cancelled or (before is not None and event_point(before) == point):
        return []
    words = f"{texts.shorten_title(event.title)}: {point.uri}"
    content = {
        "msgtype": "m.location",
        "body": words,
        "geo_uri": point.uri,
        "org.matrix.msc3488.location": {
            "uri": point.uri,
            "description": texts.shorten_title(event.title),
        },
        "org.matrix.msc3488.asset": {"type": "m.pin"},
        "org.matrix.msc1767.text": words,
        "m.mentions": {},
    }
    return [SendRaw("m.room.message", content, room)]
