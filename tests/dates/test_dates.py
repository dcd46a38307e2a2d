"""Dates: a table of what people write, and what holds for whatever they write."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.dates import (
    AmbiguousDate,
    UnreadableDate,
    ZonedTime,
    find_date,
    find_series,
    find_zone,
    read_date,
    read_duration,
    read_recurrence,
    say_moment,
    to_utc,
    to_wall,
)
from tests.dates.dates_table import BOGOTA, NOW, ZONES, findings, naive, options, readings, shown

# --- the tables -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("zone", "phrase", "expected"), readings())
def test_a_phrase_reads_as_the_table_says(zone: str, phrase: str, expected: str) -> None:
    assert shown(read_date(phrase, NOW, zone)) == expected


def test_the_table_is_large_and_a_third_of_it_is_asked_back() -> None:
    kinds = Counter(expected[:1] in "?p-" for _, _, expected in readings())
    assert kinds.total() >= 300
    assert kinds[True] * 3 >= kinds.total()


@pytest.mark.parametrize(("text", "expected"), findings())
def test_a_date_is_found_in_a_free_text(text: str, expected: str) -> None:
    found = find_date(text, NOW, BOGOTA, joiners=True)
    said = f"{shown(found.reading)} | {found.rest or '(nothing)'}" if found else "none"
    assert said == expected


# --- reading --------------------------------------------------------------------------------------


def test_nothing_is_read_that_has_a_rest() -> None:
    for _, phrase, expected in readings():
        if expected[:1] not in "?p-":
            assert read_date(phrase + " xyz", NOW, BOGOTA) == UnreadableDate()
            assert read_date("xyz " + phrase, NOW, BOGOTA) == UnreadableDate()


def test_a_phrase_longer_than_two_hundred_characters_is_no_date() -> None:
    assert read_date("mañana 17h" + " " * 200, NOW, BOGOTA) == UnreadableDate()


@pytest.mark.parametrize("zone", ["Europe/Lisbon", "Australia/Lord_Howe", "America/New_York"])
def test_an_hour_that_the_clocks_jump_over_is_asked_back(zone: str) -> None:
    wall = {
        "Europe/Lisbon": naive(2027, 3, 28, 1, 10),
        "Australia/Lord_Howe": naive(2027, 10, 3, 2, 10),
        "America/New_York": naive(2027, 3, 14, 2, 10),
    }[zone]
    reading = read_date(f"{wall:%Y-%m-%d %H:%M}", NOW, zone)
    assert isinstance(reading, AmbiguousDate)
    (only,) = reading.options
    assert only.wall > wall
    assert to_wall(only.at - timedelta(minutes=1), zone) < wall


def test_an_hour_that_comes_twice_is_the_first() -> None:
    reading = read_date("2027-10-31 01:30", NOW, "Europe/Lisbon")
    assert isinstance(reading, ZonedTime)
    assert reading.at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_a_day_without_an_hour_is_its_midnight_and_says_so() -> None:
    assert read_date("3 de diciembre", NOW, BOGOTA) == ZonedTime(
        datetime(2026, 12, 3, 5, 0, tzinfo=UTC), naive(2026, 12, 3), BOGOTA, has_time=False
    )


def test_our_own_zone_in_brackets_is_kept_to() -> None:
    reading = read_date("quinta-feira, 3 de dezembro, 19:00 (Lisboa)", NOW, "America/Sao_Paulo")
    assert isinstance(reading, ZonedTime)
    assert (reading.zone, reading.at.hour) == ("Europe/Lisbon", 19)


moments = st.datetimes(naive(2026, 11, 26, 16), naive(2036, 11, 1)).map(
    lambda wall: wall.replace(second=0, microsecond=0, tzinfo=UTC)
)


@given(
    at=moments,
    zone=st.sampled_from(ZONES),
    room=st.sampled_from(ZONES),
    language=st.sampled_from(("es", "pt", "en")),
    twelve=st.booleans(),
)
def test_what_we_say_is_read_back_as_the_same_instant(
    at: datetime, zone: str, room: str, language: str, twelve: bool
) -> None:
    at = to_utc(to_wall(at, zone), zone)  # of an hour that comes twice, the first
    said = say_moment(at, zone, language, twelve=twelve, now=NOW)
    reading = read_date(said, NOW, room)
    assert isinstance(reading, ZonedTime)
    assert (reading.at, reading.zone) == (at, zone)
    bare = read_date(say_moment(at, zone, language, with_zone=False, now=NOW), NOW, zone)
    assert isinstance(bare, ZonedTime)
    assert bare.at == at


WORDS = (
    *("mañana", "hoy", "viernes", "sexta", "friday", "3", "5", "12", "18", "30", "18h", "19:00"),
    *("a", "las", "às", "at", "de", "la", "tarde", "da", "noite", "pm", "am", "diciembre", "dec"),
    *("el", "dia", "y", "media", "e", "meia", "en", "in", "2", "horas", "días", "próximo", "mar"),
    *("/", "-", ",", ":", "(", ")", "cada", "toda", "every", "semana", "mes", "2026", "03/12"),
    *("que", "viene", "hasta", "ter", "pasado", "noche", "menos", "cuarto", "veces", "1/2", ";"),
)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join) | st.text(max_size=60))
def test_whatever_is_typed_nothing_breaks_and_nothing_past_is_taken(text: str) -> None:
    for zone in (BOGOTA, "Australia/Lord_Howe"):
        reading = read_date(text, NOW, zone)
        if isinstance(reading, ZonedTime) and reading.has_time:
            assert NOW < reading.at < NOW + timedelta(days=3653)
        if isinstance(reading, AmbiguousDate):
            assert 1 <= len(reading.options) <= 4
        found = find_date(text, NOW, zone, joiners=True)
        assert found is None or found.phrase in text
        find_series(text, NOW, zone)
        read_duration(text)
        find_zone(text)
        for series in options(read_recurrence(text, NOW, zone)):
            rrulestr(series.rule, dtstart=series.start)


@given(st.text("abc mañana hoy 18h", min_size=1, max_size=20))
def test_quoted_text_is_never_a_date(text: str) -> None:
    assume('"' not in text)
    assert find_date(f'"{text}"', NOW, BOGOTA) is None
