"""Dates: a table of what people write, and what holds for every date whatever is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.dates import (
    Doubtful,
    DoubtfulSeries,
    Past,
    Reading,
    Recurrence,
    Unreadable,
    When,
    duration,
    find,
    find_series,
    is_zone,
    next_after,
    read,
    recurrence,
    say_day,
    say_moment,
    say_series,
    say_span,
    to_utc,
    to_wall,
    zone_label,
    zone_named,
)
from tests.dates_table import FINDINGS, READINGS, SERIES

NOW = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
BOGOTA = "America/Bogota"
ZONES = (
    BOGOTA,
    "America/Sao_Paulo",
    "America/Mexico_City",
    "America/Argentina/Buenos_Aires",
    "America/Santiago",
    "America/Havana",
    "America/New_York",
    "Europe/Lisbon",
    "Europe/Madrid",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "UTC",
)


def naive(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A time on the wall."""
    return datetime(year, month, day, hour, minute)  # noqa: DTZ001


def when(said: When) -> str:
    return f"{said.wall:%a %Y-%m-%d %H:%M}" if said.has_time else f"{said.wall:%a %Y-%m-%d}"


def shown(reading: Reading) -> str:
    match reading:
        case When():
            return when(reading)
        case Doubtful(options):
            return "? " + " / ".join(map(when, options))
        case Past(over):
            return "past " + when(over)
        case Unreadable():
            return "-"


def series(said: Recurrence) -> str:
    first = f"{said.start:%a %m-%d %H:%M}" if said.has_time else f"{said.start:%a %m-%d}"
    return f"{said.rule.removeprefix('FREQ=')} from {first}"


def shown_series(reading: Recurrence | DoubtfulSeries | Unreadable) -> str:
    match reading:
        case Recurrence():
            return series(reading)
        case DoubtfulSeries(options):
            return "? " + " / ".join(map(series, options))
        case Unreadable():
            return "-"


def readings() -> Iterator[tuple[str, str, str]]:
    zone = BOGOTA
    for line in READINGS.strip().splitlines():
        if line.startswith("@"):
            zone = line[1:]
            continue
        phrase, _, expected = line.rpartition(" = ")
        yield zone, phrase, expected


def pairs(table: str, sign: str) -> list[tuple[str, str]]:
    rows = (line.rpartition(sign) for line in table.strip().splitlines())
    return [(left, right) for left, _, right in rows]


# --- the tables -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("zone", "phrase", "expected"), list(readings()))
def test_a_phrase_reads_as_the_table_says(zone: str, phrase: str, expected: str) -> None:
    assert shown(read(phrase, NOW, zone)) == expected


def test_the_table_is_large_and_a_third_of_it_is_asked_back() -> None:
    kinds = Counter(expected[:1] in "?p-" for _, _, expected in readings())
    assert kinds.total() >= 300
    assert kinds[True] * 3 >= kinds.total()


@pytest.mark.parametrize(("text", "expected"), pairs(FINDINGS, " => "))
def test_a_date_is_found_in_a_free_text(text: str, expected: str) -> None:
    found = find(text.replace("\\n", "\n"), NOW, BOGOTA, joiners=True)
    said = f"{shown(found.reading)} | {found.rest or '(nothing)'}" if found else "none"
    assert said == expected


@pytest.mark.parametrize(("phrase", "expected"), pairs(SERIES, " = "))
def test_a_series_reads_as_the_table_says(phrase: str, expected: str) -> None:
    assert shown_series(recurrence(phrase, NOW, BOGOTA)) == expected


# --- reading --------------------------------------------------------------------------------------


def test_nothing_is_read_that_has_a_rest() -> None:
    for _, phrase, expected in readings():
        if expected[:1] not in "?p-":
            assert read(phrase + " xyz", NOW, BOGOTA) == Unreadable()
            assert read("xyz " + phrase, NOW, BOGOTA) == Unreadable()


def test_a_phrase_longer_than_two_hundred_characters_is_no_date() -> None:
    assert read("mañana 17h" + " " * 200, NOW, BOGOTA) == Unreadable()


@pytest.mark.parametrize("zone", ["Europe/Lisbon", "Australia/Lord_Howe", "America/New_York"])
def test_an_hour_that_the_clocks_jump_over_is_asked_back(zone: str) -> None:
    wall = {
        "Europe/Lisbon": naive(2027, 3, 28, 1, 10),
        "Australia/Lord_Howe": naive(2027, 10, 3, 2, 10),
        "America/New_York": naive(2027, 3, 14, 2, 10),
    }[zone]
    reading = read(f"{wall:%Y-%m-%d %H:%M}", NOW, zone)
    assert isinstance(reading, Doubtful)
    (only,) = reading.options
    assert only.wall > wall
    assert to_wall(only.at - timedelta(minutes=1), zone) < wall


def test_an_hour_that_comes_twice_is_the_first() -> None:
    reading = read("2027-10-31 01:30", NOW, "Europe/Lisbon")
    assert isinstance(reading, When)
    assert reading.at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_a_day_without_an_hour_is_its_midnight_and_says_so() -> None:
    assert read("3 de diciembre", NOW, BOGOTA) == When(
        datetime(2026, 12, 3, 5, 0, tzinfo=UTC), naive(2026, 12, 3), BOGOTA, has_time=False
    )


def test_our_own_zone_in_brackets_is_kept_to() -> None:
    reading = read("quinta-feira, 3 de dezembro, 19:00 (Lisboa)", NOW, "America/Sao_Paulo")
    assert isinstance(reading, When)
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
    reading = read(said, NOW, room)
    assert isinstance(reading, When)
    assert (reading.at, reading.zone) == (at, zone)
    bare = read(say_moment(at, zone, language, with_zone=False, now=NOW), NOW, zone)
    assert isinstance(bare, When)
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
        reading = read(text, NOW, zone)
        if isinstance(reading, When) and reading.has_time:
            assert NOW < reading.at < NOW + timedelta(days=3653)
        if isinstance(reading, Doubtful):
            assert 1 <= len(reading.options) <= 4
        found = find(text, NOW, zone, joiners=True)
        assert found is None or found.phrase in text
        find_series(text, NOW, zone)
        duration(text)
        zone_named(text)
        for series in options(recurrence(text, NOW, zone)):
            rrulestr(series.rule, dtstart=series.start)


def options(reading: Recurrence | DoubtfulSeries | Unreadable) -> tuple[Recurrence, ...]:
    match reading:
        case Recurrence():
            return (reading,)
        case DoubtfulSeries(several):
            return several
        case Unreadable():
            return ()


@given(st.text("abc mañana hoy 18h", min_size=1, max_size=20))
def test_quoted_text_is_never_a_date(text: str) -> None:
    assume('"' not in text)
    assert find(f'"{text}"', NOW, BOGOTA) is None


# --- series ---------------------------------------------------------------------------------------


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
    assert spanned.reading == Unreadable()


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
    reading = recurrence("cada martes 19h 3 veces", NOW, BOGOTA)
    assert isinstance(reading, Recurrence)
    at, seen = NOW, []
    while due := next_after(reading.rule, reading.start, reading.zone, at):
        seen.append(due.wall.day)
        at = due.at
    assert seen == [1, 8, 15]


def test_a_series_on_the_31st_skips_no_month() -> None:
    reading = recurrence("todo dia 31 às 18h", NOW, BOGOTA)
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
    for phrase, _ in pairs(SERIES, " = "):
        if "desde" in phrase:  # the first date of a series is said apart
            continue
        for said in options(recurrence(phrase, NOW, BOGOTA)):
            again = recurrence(say_series(said, language, with_zone=False, now=NOW), NOW, BOGOTA)
            assert said in options(again)


# --- lengths, zones, writing ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("2h", 120),
        ("1 hora y media", 90),
        ("una hora y media", 90),
        ("uma hora e meia", 90),
        ("an hour and a half", 90),
        ("90 min", 90),
        ("15m", 15),
        ("15 minutinhos", 15),
        ("1d", 1440),
        ("un día", 1440),
        ("dois dias", 2880),
        ("two weeks", 20160),
        ("1h30", 90),
        ("1h30min", 90),
        ("2 h 10 min", 130),
        ("1 día y 2 horas", 1560),
        ("media hora", 30),
        ("meia hora", 30),
        ("half an hour", 30),
        ("un cuarto de hora", 15),
        ("2,5 horas", 150),
        ("hora y media", 90),
        ("un mes", None),
        ("", None),
        ("0 min", None),
        ("2", None),
        ("hora", None),
        ("2 horas o más", None),
        ("mañana", None),
        ("9999 semanas", None),
    ],
)
def test_a_length_of_time_is_read(text: str, minutes: int | None) -> None:
    assert duration(text) == (timedelta(minutes=minutes) if minutes else None)


@given(st.integers(1, 200_000), st.sampled_from(("es", "pt", "en")))
def test_a_length_as_we_say_it_is_read_back_to_its_smaller_unit(minutes: int, lang: str) -> None:
    said = duration(say_span(timedelta(minutes=minutes), lang))
    assert said is not None
    lost = timedelta(minutes=minutes) - said
    assert timedelta(0) <= lost < timedelta(hours=1 if minutes >= 1440 else 0, minutes=1)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Bogotá", BOGOTA),
        ("bogota", BOGOTA),
        ("São Paulo", "America/Sao_Paulo"),
        ("Sao Paulo", "America/Sao_Paulo"),
        ("Ciudad de México", "America/Mexico_City"),
        ("CDMX", "America/Mexico_City"),
        ("Buenos Aires", "America/Argentina/Buenos_Aires"),
        ("America/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("america/sao_paulo", "America/Sao_Paulo"),
        ("Lisboa", "Europe/Lisbon"),
        ("Madrid", "Europe/Madrid"),
        ("Londres", "Europe/London"),
        ("Nova York", "America/New_York"),
        ("Nueva York", "America/New_York"),
        ("Brasília", "America/Sao_Paulo"),
        ("Recife", "America/Recife"),
        ("Quito", "America/Guayaquil"),
        ("Montevideo", "America/Montevideo"),
        ("La Paz", "America/La_Paz"),
        ("Lima", "America/Lima"),
        ("Caracas", "America/Caracas"),
        ("Santiago", "America/Santiago"),
        ("Asunción", "America/Asuncion"),
        ("UTC", "UTC"),
        ("San José", ("America/Costa_Rica", "America/Los_Angeles")),
        ("Narnia", None),
        ("", None),
    ],
)
def test_a_zone_has_the_names_people_use(text: str, zone: str | tuple[str, ...] | None) -> None:
    assert zone_named(text) == zone


@pytest.mark.parametrize("language", ["es", "pt", "en"])
def test_every_label_of_a_zone_is_read_back(language: str) -> None:
    from bot.dates.zones import _listed

    for zone in (*_listed(), "UTC"):
        assert is_zone(zone)
        assert zone_named(zone_label(zone, language)) == zone


def test_moments_are_said_as_voice_asks() -> None:
    at = datetime(2026, 12, 4, 0, 0, tzinfo=UTC)
    assert say_moment(at, BOGOTA, "es", now=NOW) == "jueves 3 de diciembre, 19:00 (Bogotá)"
    at = datetime(2026, 12, 3, 22, 0, tzinfo=UTC)
    said = say_moment(at, "America/Sao_Paulo", "pt", now=NOW)
    assert said == "quinta-feira, 3 de dezembro, 19:00 (São Paulo)"
    at = datetime(2026, 12, 4, 0, 0, tzinfo=UTC)
    assert say_moment(at, BOGOTA, "en", now=NOW) == "Thursday 3 December, 19:00 (Bogotá)"
    assert say_moment(at, BOGOTA, "en", with_zone=False, twelve=True, now=NOW) == (
        "Thursday 3 December, 19:00, 7:00 pm"
    )
    assert say_day(datetime(2027, 2, 23, 12, tzinfo=UTC), BOGOTA, "es", now=NOW) == (
        "martes 23 de febrero de 2027"
    )


@pytest.mark.parametrize(
    ("length", "es", "pt", "en"),
    [
        (timedelta(hours=2, minutes=10), "2 h 10 min", "2 h 10 min", "2 h 10 min"),
        (timedelta(days=1), "1 día", "1 dia", "1 day"),
        (timedelta(days=3), "3 días", "3 dias", "3 days"),
        (timedelta(minutes=45), "45 min", "45 min", "45 min"),
        (timedelta(hours=28), "1 día 4 h", "1 dia 4 h", "1 day 4 h"),
    ],
)
def test_lengths_are_said_short(length: timedelta, es: str, pt: str, en: str) -> None:
    assert [say_span(length, language) for language in ("es", "pt", "en")] == [es, pt, en]


@given(st.datetimes(naive(2000, 1, 1), naive(2036, 1, 1)), st.sampled_from(ZONES))
def test_a_wall_becomes_itself_or_the_next_minute_that_exists(wall: datetime, zone: str) -> None:
    wall = wall.replace(second=0, microsecond=0)
    at = to_utc(wall, zone)
    if to_wall(at, zone).replace(fold=0) != wall:
        assert to_wall(at, zone) > wall
        assert to_wall(at - timedelta(minutes=1), zone) < wall
