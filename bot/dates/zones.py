"""Time zones by the rules of the tzdata package, not the host's."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

from babel import Locale

from bot.dates.cities import ALSO, LABELS, SEVERAL
from bot.dates.words import fold_plain

# The host's zone files may be outdated, and Latin American rules change often.
zoneinfo.reset_tzpath(())
ZoneInfo.clear_cache()

_COLUMN = {"es": 0, "pt": 1, "en": 2}
_UTC_NAMES = ("UTC", "Etc/UTC")


def to_wall(at: datetime, zone: str) -> datetime:
    """Return the naive local time in `zone` at an aware instant."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def is_in_gap(wall: datetime, zone: str) -> bool:
    """Return whether the clocks of `zone` skip this local time."""
    place = ZoneInfo(zone)
    return to_wall(wall.replace(tzinfo=place).astimezone(UTC), zone) != wall.replace(fold=0)


def to_utc(wall: datetime, zone: str) -> datetime:
    """Return the instant (UTC) of a naive local time.

    A time that the clocks skip becomes the next existing minute; of one that occurs twice it is the
    first.
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


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    """Return the names of all zones of tzdata. Reading them takes a millisecond."""
    return frozenset(zoneinfo.available_timezones())


def is_zone(name: str) -> bool:
    """Return whether tzdata has a zone of exactly this name."""
    return name in _names()


@lru_cache(maxsize=1)
def _listed_zones() -> tuple[str, ...]:
    """Return the zones that tzdata lists by country: no old names, no `Etc/…`."""
    table = resources.files("tzdata").joinpath("zoneinfo/zone.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return tuple(row[2] for row in rows)


@lru_cache(maxsize=1)
def _links() -> dict[str, str]:
    """Return the current name of each old one (`America/Buenos_Aires`)."""
    rules = resources.files("tzdata").joinpath("zoneinfo/tzdata.zi").read_text("utf-8")
    rows = (line.split() for line in rules.splitlines() if line.startswith("L "))
    return {row[2]: row[1] for row in rows}


@lru_cache(maxsize=4)
def _cldr(language: str) -> dict[str, str]:
    zones = Locale.parse(language).time_zones
    return {name: data["city"] for name, data in zones.items() if "city" in data}


@lru_cache(maxsize=1)
def _index() -> dict[str, str]:
    """Return zones by folded name. Our names take precedence over those of CLDR and tzdata."""
    index: dict[str, str] = {}
    listed = set(_listed_zones())
    for name in sorted(_names()):
        zone = name if name in listed else _links().get(name, name)
        index[fold_plain(name)] = "UTC" if zone in _UTC_NAMES else zone
    for zone in _listed_zones():
        index[fold_plain(zone.rsplit("/", 1)[-1].replace("_", " "))] = zone
        for language in _COLUMN:
            index[fold_plain(_cldr(language).get(zone, zone))] = zone
    for zone, names in ALSO.items():
        index |= {name.strip(): zone for name in names.split(",")}
    for zone, labels in LABELS.items():
        index |= {fold_plain(label): zone for label in labels}
    return index


def find_zone(text: str) -> str | tuple[str, ...] | None:
    """Return the time zones that an IANA name or a city in es, pt or en means; accents are
    optional.

    Several zones, likeliest first, if the name is ambiguous; None if it is unknown.
    """
    name = fold_plain(text).strip(" .()")
    for known in (name, name.replace("_", " "), name.replace(" ", "_")):
        if known in SEVERAL:
            return SEVERAL[known]
        if known in _index():
            return _index()[known]
    return None


@lru_cache(maxsize=1024)
def zone_label(zone: str, language: str) -> str:
    """Return the name by which people know a time zone, such as `Bogotá` or `São Paulo`.
    `find_zone` reads it back."""
    if zone in LABELS:
        return LABELS[zone][_COLUMN.get(language, 2)]
    if zone in _UTC_NAMES:
        return "UTC"
    last = zone.rsplit("/", 1)[-1].replace("_", " ")
    for label in (_cldr(language if language in _COLUMN else "en").get(zone, last), last):
        if find_zone(label) == zone:
            return label
    return zone
