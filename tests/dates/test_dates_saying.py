"""Zones and lengths of time, and dates as we say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dates import (
    find_zone,
    is_zone,
    read_duration,
    say_day,
    say_moment,
    say_span,
    to_utc,
    to_wall,
    zone_label,
)
from tests.dates.dates_table import BOGOTA, NOW, ZONES, naive


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
    assert read_duration(text) == (timedelta(minutes=minutes) if minutes else None)


@given(st.integers(1, 200_000), st.sampled_from(("es", "pt", "en")))
def test_a_length_as_we_say_it_is_read_back_to_its_smaller_unit(minutes: int, lang: str) -> None:
    said = read_duration(say_span(timedelta(minutes=minutes), lang))
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
    assert find_zone(text) == zone


@pytest.mark.parametrize("language", ["es", "pt", "en"])
def test_every_label_of_a_zone_is_read_back(language: str) -> None:
    from bot.dates.zones import _listed_zones

    for zone in (*_listed_zones(), "UTC"):
        assert is_zone(zone)
        assert find_zone(zone_label(zone, language)) == zone


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
