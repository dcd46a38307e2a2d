"""Parse the dates, times and durations of a calendar file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.api import _, dates
from commands.calendar.ics import zones
from commands.calendar.ics.blocks import Property
from commands.calendar.ics.rules import UnsupportedEvent

_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(?:\d\d)?(Z?))?", re.IGNORECASE)
_LENGTH = re.compile(
    r"([+-]?)P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?",
    re.IGNORECASE,
)
_ZONE = re.compile(r';TZID=("[^"]*"|[^";]*)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A wall time in a zone. `day` is True for a date without an hour."""

    wall: datetime
    zone: str
    day: bool = False

    def wall_in_zone(self, zone: str) -> datetime:
        """Return the wall time of the same instant in another zone; an all-day date stays."""
        if self.day or zone == self.zone:
            return self.wall
        return dates.to_wall(dates.to_utc(self.wall, self.zone), zone)


@dataclass(slots=True)
class FileZones:
    """The time zones of one file: the default, and what its TZIDs stand for."""

    room: str
    calendar: str
    located: Mapping[str, str]
    known: dict[str, str | None] = field(default_factory=dict)

    @property
    def default_zone(self) -> str:
        """The zone of times without one in a calendar file: the calendar's own, else the room's."""
        return (self._meant(self.calendar) if self.calendar else None) or self.room

    def resolve(self, name: str) -> str:
        """Return the IANA name of a calendar file's TZID. Raises `UnsupportedEvent` if it is
        unknown."""
        found = self._meant(name)
        if found is None:
            raise UnsupportedEvent(_("I don't know its time zone, “{name}”", name=name[:60]))
        return found

    def _meant(self, name: str) -> str | None:
        if name not in self.known:
            self.known[name] = zones.resolve_zone(name, self.located)
        return self.known[name]


def parse_stamp(found: Property, where: FileZones) -> Stamp:
    """Return a calendar file's date or time. Raises `UnsupportedEvent` for an impossible one or an
    unknown zone."""
    params, value = found
    parts = _STAMP.fullmatch(value.strip())
    if parts is None:
        raise UnsupportedEvent(_("I can't read “{words}” as a date", words=value[:40]))
    year, month, day, hour, minute = (int(part or 0) for part in parts.group(1, 2, 3, 4, 5))
    try:
        wall = datetime(year, month, day, hour, minute)  # noqa: DTZ001 - naive on purpose
    except ValueError:
        raise UnsupportedEvent(_("no calendar has “{words}”", words=value[:40])) from None
    if not 1900 <= wall.year <= 2200:
        raise UnsupportedEvent(_("no calendar has “{words}”", words=value[:40]))
    if parts[4] is None:
        return Stamp(wall, where.default_zone, day=True)
    zone = _ZONE.search(params)
    if parts[6]:
        return Stamp(wall, "UTC")
    return Stamp(wall, where.resolve(zone[1].strip('"')) if zone else where.default_zone)


def parse_stamps(found: Property, where: FileZones) -> Iterator[Stamp]:
    """Yield the dates or times of a list in a calendar file. Raises `UnsupportedEvent`."""
    params, values = found
    for value in values.split(","):
        yield parse_stamp((params, value), where)


def parse_duration(value: str) -> timedelta:
    """Return a calendar file's DURATION value as a length of time. Raises `UnsupportedEvent`."""
    found = _LENGTH.fullmatch(value.strip())
    if found is None or not any(found.group(2, 3, 4, 5, 6)):
        raise UnsupportedEvent(_("I can't read “{words}” as a length of time", words=value[:40]))
    weeks, days, hours, minutes, seconds = (int(n or 0) for n in found.group(2, 3, 4, 5, 6))
    span = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -span if found[1] == "-" else span


def to_instant(one: Stamp) -> datetime:
    """Return a calendar file's date or time as an instant in UTC."""
    return dates.to_utc(one.wall, one.zone).astimezone(UTC)
