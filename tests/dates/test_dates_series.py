"""Series: read in three languages, counted on the wall clock."""

from __future__ import annotations

from datetime import timedelta

import pytest
from dateutil.rrule import rrulestr

from bot.dates import (
    Recurrence,
    UnreadableDate,
    find_series,
    next_after,
    read_recurrence,
    say_series,
    to_wall,
)
from tests.dates.dates_table import BOGOTA, NOW, ZONES, all_series, naive, options, shown_series


@pytest.mark.parametrize(("phrase", "expected"), all_series())
def test_a_series_reads_as_the_table_says(phrase: str, expected: str) -> None:
    assert shown_series(read_recurrence(phrase, NOW, BOGOTA)) == expected


def test_a_series_is_found_at_the_beginning_or_the_end() -> None:
    first = find_series("cada martes 19:00; sacar la basura", NOW, BOGOTA)
    assert first
    assert (shown_series(first.reading), first.rest) == (
        "WEEKLY;BYDAY=TU from Tue 12-01 19:00",
        "sacar la basura",
    )
    last = find_series("Ensaio toda quinta 19h", NOW, BOGOTA)
    assert last
    assert (shown_series(last.reading), last.rest) == (
        "WEEKLY;BYDAY=TH from Thu 11-26 19:00",
        "Ensaio",
    )
    assert find_series("cada quien trae lo suyo", NOW, BOGOTA) is None
    spanned = find_series("cada martes 18h a 20h ensayo", NOW, BOGOTA)
    assert spanned
    assert spanned.reading == UnreadableDate()


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("hour", [0, 2, 12, 19])
def test_a_clock_change_moves_no_date_of_a_series(zone: str, hour: int) -> None:
    wall, at, seen = naive(2027, 1, 1, hour, 15), NOW, 0
    while (due := next_after("FREQ=DAILY", wall, zone, at)) and due.at.year < 2029:
        expected = wall + timedelta(days=seen)
        shift = due.wall - expected  # only forward, only out of a jump
        assert timedelta(0) <= shift <= timedelta(hours=1)
        assert not shift or to_wall(due.at - timedelta(minutes=1), zone) < expected
        assert due.at > at
        at, seen = due.at, seen + 1
    assert seen >= 730


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE",
        "FREQ=DAILY;INTERVAL=15",
        "FREQ=HOURLY;INTERVAL=8",
        "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=25",
        "FREQ=WEEKLY;BYDAY=TU;UNTIL=20280101T235959",
    ],
)
def test_an_old_series_counts_as_from_its_start(rule: str) -> None:
    start, after = naive(2020, 1, 6, 18, 30), NOW
    for _ in range(20):
        due = next_after(rule, start, "UTC", after)
        expected = rrulestr(rule, dtstart=start).after(after.replace(tzinfo=None))
        assert due
        assert due.wall == expected
        after = due.at


def test_a_bounded_series_ends() -> None:
    reading = read_recurrence("cada martes 19h 3 veces", NOW, BOGOTA)
    assert isinstance(reading, Recurrence)
    at, seen = NOW, []
    while due := next_after(reading.rule, reading.start, reading.zone, at):
        seen.append(due.wall.day)
        at = due.at
    assert seen == [1, 8, 15]


def test_a_series_on_the_31st_skips_no_month() -> None:
    reading = read_recurrence("todo dia 31 às 18h", NOW, BOGOTA)
    assert isinstance(reading, Recurrence)
    at, seen = NOW, []
    for _ in range(4):
        due = next_after(reading.rule, reading.start, reading.zone, at)
        assert due
        seen.append((due.wall.month, due.wall.day))
        at = due.at
    assert seen == [(11, 30), (12, 31), (1, 31), (2, 28)]


@pytest.mark.parametrize("language", ["es", "pt", "en"])
def test_a_series_as_we_say_it_is_read_back(language: str) -> None:
    for phrase, _ in all_series():
        if "desde" in phrase:  # the first date of a series is said apart
            continue
        for said in options(read_recurrence(phrase, NOW, BOGOTA)):
            again = read_recurrence(say_series(said, language, now=NOW), NOW, BOGOTA)
            assert said in options(again)
