"""Series across the clock changes of many zones: nothing moves on the wall clock. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.api import dates
from commands.events.event import Event, date_on, date_with_key, dates_after, end_of_date, next_date
from commands.events.grammar.event_times import is_ambiguous

ZONES = (
    "Australia/Lord_Howe",
    "America/Santiago",
    "America/Asuncion",
    "America/Havana",
    "America/Bogota",
    "America/Sao_Paulo",
    "Europe/Lisbon",
    "Europe/Madrid",
    "America/Mexico_City",
    "America/New_York",
    "Asia/Kathmandu",
    "Pacific/Chatham",
)
NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)
FIRST = datetime.fromisoformat("2026-12-01")
WHOLE = timedelta(days=365)


def series(zone: str, hour: int, minute: int, rule: str, **more: object) -> Event:
    start = FIRST + timedelta(hours=hour, minutes=minute)
    return Event(1, "!a", "@a:b", "Taller", start, zone, rule=rule, **more)  # type: ignore[arg-type]


def exists(wall: datetime, zone: str) -> bool:
    """Do the clocks of the zone show this time at all? By Python's own arithmetic, not by ours."""
    place = ZoneInfo(zone)
    return wall.replace(tzinfo=place).astimezone(UTC).astimezone(place).replace(
        tzinfo=None, fold=0
    ) == wall.replace(fold=0)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("hour", [0, 1, 2, 3, 12, 19, 23])
def test_every_day_of_a_year_has_its_date_at_the_same_wall_time(zone: str, hour: int) -> None:
    """In a gap it is at the next minute that exists, and only there."""
    for minute in (0, 15, 45):
        event = series(zone, hour, minute, "FREQ=DAILY")
        found = dates_after(event, NOW, 366)
        assert [when.key for when in found] == [
            event.start + timedelta(days=n) for n in range(len(found))
        ]
        for when in found:
            assert when.at == when.at.astimezone(UTC)
            if exists(when.key, zone):
                assert when.start == when.key
                assert when.at == when.key.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
            else:
                assert timedelta(0) < when.start - when.key <= timedelta(hours=1)
                assert exists(when.start, zone)
                assert not exists(when.start - timedelta(minutes=1), zone)
        instants = [when.at for when in found]
        assert instants == sorted(set(instants))


@pytest.mark.parametrize("zone", ZONES)
def test_a_date_is_named_by_its_key_however_it_is_asked_for(zone: str) -> None:
    event = series(zone, 2, 30, "FREQ=WEEKLY;BYDAY=SU")
    for when in dates_after(event, NOW, 60):
        assert date_with_key(event, when.key) == when
        assert date_on(event, when.start.date()) == when
        assert next_date(event, when.at) == when
        assert next_date(event, when.at - timedelta(minutes=1)) == when


@pytest.mark.parametrize("zone", ZONES)
def test_looking_from_any_moment_finds_the_same_dates(zone: str) -> None:
    event = series(zone, 2, 15, "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU")
    every = dates_after(event, NOW, 60)
    for n, when in enumerate(every):
        assert dates_after(event, when.at, 60)[: 60 - n - 1] == every[n + 1 :]
        assert dates_after(event, when.at - timedelta(seconds=1), 1) == [when]


@pytest.mark.parametrize("zone", ZONES)
def test_a_length_is_a_length_whatever_the_clocks_do_meanwhile(zone: str) -> None:
    event = series(zone, 23, 30, "FREQ=DAILY", length=timedelta(hours=5))
    for when in dates_after(event, NOW, 366):
        assert end_of_date(event, when) - when.at == timedelta(hours=5)


@pytest.mark.parametrize("zone", ZONES)
def test_a_whole_day_is_from_its_midnight_to_the_next(zone: str) -> None:
    """23, 24 or 25 hours: the day, not its hours."""
    event = series(zone, 0, 0, "FREQ=DAILY", all_day=True)
    found = dates_after(event, NOW, 366)
    for when, following in pairwise(found):
        assert end_of_date(event, when) == following.at


def test_the_hour_that_comes_twice_is_known_and_no_other() -> None:
    wall = datetime.fromisoformat
    assert is_ambiguous(wall("2026-11-01T01:30"), "America/New_York")
    assert is_ambiguous(wall("2027-04-04T01:45"), "Australia/Lord_Howe")
    assert not is_ambiguous(wall("2027-04-04T01:15"), "Australia/Lord_Howe")
    assert not is_ambiguous(wall("2026-11-01T02:30"), "America/New_York")
    assert not is_ambiguous(wall("2026-11-01T01:30"), "America/Bogota")


def test_zones_are_those_of_our_own_tzdata() -> None:
    """Mexico has had no summer time since 2022, Paraguay stays in it since 2024."""
    july, january = (datetime(2027, month, 1, 12, tzinfo=UTC) for month in (7, 1))
    assert dates.to_wall(july, "America/Mexico_City").hour == 6
    assert dates.to_wall(july, "America/Asuncion").hour == 9
    assert dates.to_wall(january, "America/Asuncion").hour == 9
