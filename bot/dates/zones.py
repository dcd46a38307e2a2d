"""Time zones: names, walls and instants, by the tzdata package's rules, not the host's."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

from babel import Locale

from bot.dates.cities import ALSO, LABELS, SEVERAL
from bot.dates.words import plain

# The host's zone files may be years old, and Latin American rules change: ours only. Once, here.
zoneinfo.reset_tzpath(())
ZoneInfo.clear_cache()

_COLUMN = {"es": 0, "pt": 1, "en": 2}
_UTC_NAMES = ("UTC", "Etc/UTC")


def to_wall(at: datetime, zone: str) -> datetime:
    """The naive local time in `zone` at an aware instant."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def in_gap(wall: datetime, zone: str) -> bool:
    """Whether the clocks of `zone` jump over this local time."""
    place = ZoneInfo(zone)
    return to_wall(wall.replace(tzinfo=place).astimezone(UTC), zone) != wall.replace(fold=0)


def to_utc(wall: datetime, zone: str) -> datetime:
    """The instant (UTC) of a naive local time.

    A time that the clocks jump over becomes the next minute that exists; of a time that comes
    twice it is the first.
    """
    place = ZoneInfo(zone)
    wall = wall.replace(fold=0)
    late = wall.replace(tzinfo=place).astimezone(UTC)
    if late.astimezone(place).replace(tzinfo=None, fold=0) == wall:
        return late
    early = wall.replace(tzinfo=place, fold=1).astimezone(UTC)
    old = early.astimezone(place).utcoffset()
    while late - early > timedelta(seconds=1):  # the jump is after `early`, at `late` at the latest
        middle = early + (late - early) / 2
        if middle.astimezone(place).utcoffset() == old:
            early = middle
        else:
            late = middle
    rounded = late + timedelta(seconds=30)
    return rounded.replace(second=0, microsecond=0)


def is_zone(name: str) -> bool:
    """Whether tzdata has a zone of exactly this name."""
    return name in zoneinfo.available_timezones()


@lru_cache(maxsize=1)
def _listed() -> tuple[str, ...]:
    """The zones that tzdata lists by country: no old names, no `Etc/…`."""
    table = resources.files("tzdata").joinpath("zoneinfo/zone.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return tuple(row[2] for row in rows)


@lru_cache(maxsize=1)
def _links() -> dict[str, str]:
    """Old names of zones: `America/Buenos_Aires` and the like."""
    rules = resources.files("tzdata").joinpath("zoneinfo/tzdata.zi").read_text("utf-8")
    rows = (line.split() for line in rules.splitlines() if line.startswith("L "))
    return {row[2]: row[1] for row in rows}


@lru_cache(maxsize=4)
def _cldr(language: str) -> dict[str, str]:
    zones = Locale.parse(language).time_zones
    return {name: data["city"] for name, data in zones.items() if "city" in data}


@lru_cache(maxsize=1)
def _index() -> dict[str, str]:
    """Folded name → zone. Later lines win: our own names over those of CLDR and tzdata."""
    index: dict[str, str] = {}
    listed = set(_listed())
    for name in sorted(zoneinfo.available_timezones()):
        zone = name if name in listed else _links().get(name, name)
        index[plain(name)] = "UTC" if zone in _UTC_NAMES else zone
    for zone in _listed():
        index[plain(zone.rsplit("/", 1)[-1].replace("_", " "))] = zone
        for language in _COLUMN:
            index[plain(_cldr(language).get(zone, zone))] = zone
    for zone, names in ALSO.items():
        index |= {name.strip(): zone for name in names.split(",")}
    for zone, labels in LABELS.items():
        index |= {plain(label): zone for label in labels}
    return index


def zone_named(text: str) -> str | tuple[str, ...] | None:
    """The zone of an IANA name or a city in es, pt or en, accents optional.

    Several candidates, likeliest first, where more than one place has that name; None if unknown.
    """
    name = plain(text).strip(" .()")
    for known in (name, name.replace("_", " "), name.replace(" ", "_")):
        if known in SEVERAL:
            return SEVERAL[known]
        if known in _index():
            return _index()[known]
    return None


@lru_cache(maxsize=1024)
def zone_label(zone: str, language: str) -> str:
    """How people call the zone: `Bogotá`, `São Paulo`. `zone_named` reads it back."""
    if zone in LABELS:
        return LABELS[zone][_COLUMN.get(language, 2)]
    if zone in _UTC_NAMES:
        return "UTC"
    last = zone.rsplit("/", 1)[-1].replace("_", " ")
    for label in (_cldr(language if language in _COLUMN else "en").get(zone, last), last):
        if zone_named(label) == zone:
            return label
    return zone
