"""Time zones of calendar files: write their definitions, and resolve their names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.api import dates

if TYPE_CHECKING:  # icalendar takes 3 MiB: it is loaded for the first calendar file
    from icalendar import Timezone

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@lru_cache(maxsize=64)
def zone_definition(zone: str, first: date, last: date) -> Timezone:
    """Return the VTIMEZONE of a zone for the span between two dates.

    Each change is at the local time before it (RFC 5545 §3.6.5). icalendar's own definition has
    each spring too late.
    """
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

    begin, end = (datetime(d.year, d.month, d.day, tzinfo=UTC) for d in (first, last))
    made = Timezone()
    made.add("tzid", zone)
    place = ZoneInfo(zone)
    changes: dict[tuple[timedelta, timedelta, str, bool], list[datetime]] = {}
    opening = _offset(begin, place)
    for at, before in [(begin, opening), *_clock_changes(begin, end, place)]:
        now = at.astimezone(place)
        kind = before, _offset(at, place), now.tzname() or zone, bool(now.dst())
        changes.setdefault(kind, []).append((at + before).replace(tzinfo=None))
    for (before, after, name, summer), walls in changes.items():
        part = TimezoneDaylight() if summer else TimezoneStandard()
        part.add("dtstart", walls[0])
        if walls[1:]:
            part.add("rdate", walls[1:])
        part.add("tzname", name)
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        made.add_component(part)
    return made


def _clock_changes(
    begin: datetime, end: datetime, place: ZoneInfo
) -> Iterator[tuple[datetime, timedelta]]:
    """Yield each instant (UTC) at which the clocks change, and the offset before it."""
    day = begin
    while day < end:
        low, high = day, day + _DAY
        if (before := _offset(low, place)) != _offset(high, place):
            while high - low > _SECOND:
                middle = low + (high - low) / 2
                if _offset(middle, place) == before:
                    low = middle
                else:
                    high = middle
            yield (high + _SECOND / 2).replace(microsecond=0), before
        day += _DAY


def _offset(at: datetime, place: ZoneInfo) -> timedelta:
    return at.astimezone(place).utcoffset() or timedelta()


def resolve_zone(name: str, located: Mapping[str, str]) -> str | None:
    """Return the IANA zone for a TZID (an IANA name, a Windows name or a city), or None.

    `located` maps TZID to X-LIC-LOCATION. The file's own definition of the zone is never used.
    """
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    name = name.strip(' "')[:200]
    candidates = [name, WINDOWS_TO_OLSON.get(name, ""), *_last_parts(name), located.get(name, "")]
    candidates += re.sub(r"^\([^)]*\)", "", name).split(",")[:8]
    for candidate in filter(None, map(str.strip, candidates)):
        known = dates.find_zone(candidate)
        if isinstance(known, str):
            return known
        if dates.is_zone(candidate):
            return candidate
    return None


def _last_parts(name: str) -> list[str]:
    """Return the last three or two parts of `/freeassociation.sourceforge.net/America/Bogota`."""
    parts = name.split("/")
    return ["/".join(parts[-count:]) for count in (3, 2) if name.startswith("/")]
