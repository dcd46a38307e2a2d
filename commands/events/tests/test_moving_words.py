"""Moving in words: an hour alone, one date or all. It is Wednesday 25 November 2026."""

from __future__ import annotations

import pytest

from bot.testing.talk import Talk
from commands.events.tests.test_events import say

pytestmark = pytest.mark.begins("2026-11-25T10:00", "it names dates in words")


@pytest.mark.parametrize(
    "hour",
    [
        *("a las 20h", "para las 20h", "a las 8 de la noche", "8 de la noche", "ocho de la noche"),
        *("às 20h", "para as 20h", "8 da noite", "às oito da noite", "at 8 in the evening", "8 pm"),
    ],
)
async def test_an_hour_in_words_leaves_the_day_where_it_is(plain: Talk, hour: str) -> None:
    await plain.answer("bea", "!evento Taller sábado 19h")
    said = await plain.answer("bea", f"!mover 1 {hour}")
    assert "→ sábado 28 de noviembre, 20:00 (Bogotá)" in said


async def test_an_hour_of_the_morning_or_evening_is_asked_on_its_own_day(plain: Talk) -> None:
    await plain.answer("bea", "!evento Taller sábado 19h")
    for hour in ("a las 8", "7:30", "à 1h", "a la 1", "al mediodía"):
        said = await plain.answer("bea", f"!mover 1 {hour}")
        assert said.count("sábado 28 de noviembre") == 2 and "25" not in said


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("todas", ["20:00", "20:00"]),
        ("Todas las fechas.", ["20:00", "20:00"]),
        ("todas as datas", ["20:00", "20:00"]),
        ("solo esta", ["20:00", "19:00"]),
        ("só essa", ["20:00", "19:00"]),
        ("martes", ["20:00", "19:00"]),
    ],
)
async def test_which_dates_is_answered_in_words_too(
    plain: Talk, said: str, left: list[str]
) -> None:
    await plain.answer("bea", "!evento Ensayo cada martes 19h 2 veces")
    assert "Bea movió el evento 1" in await say(plain, "bea", "!mover 1 20h", said)
    lines = (await plain.answer("bea", "!eventos diciembre")).splitlines()
    assert [line.split(": ")[1][:5] for line in lines if "Ensayo" in line] == left


async def test_all_dates_are_moved_wherever_it_is_said(plain: Talk) -> None:
    await plain.answer("bea", "!evento Ensayo cada martes 19h 2 veces")
    assert "→ martes 1 de diciembre, 20:00" in await plain.answer("bea", "!mover 1 20h todas")
    assert "Martes 8 de diciembre: 20:00" in await plain.answer("bea", "!eventos diciembre")


@pytest.mark.begins("wednesday 10:00", "it names hours of this day")
async def test_of_a_series_that_is_cancelled_all_dates_are_named(plain: Talk) -> None:
    await plain.answer("bea", "!evento Ensayo cada martes 19h")
    assert "con todas sus fechas" in await say(plain, "bea", "!cancelar 1", "todas")
    said = await plain.answer("bea", "sí")
    assert "Bea canceló el evento 1, “Ensayo”: todas las fechas." in said


async def test_a_day_that_has_passed_is_said_without_an_hour(plain: Talk) -> None:
    await plain.answer("bea", "!evento Taller jueves 19h")
    said = await plain.answer("bea", "!mover 1 ayer")
    assert said.startswith("Martes 24 de noviembre ya pasó.")


@pytest.mark.parametrize(
    ("line", "new"),
    [
        ("15/12 viernes 20h", "viernes 18 de diciembre, 20:00"),
        ("15/12 para el miércoles 9h", "miércoles 16 de diciembre, 9:00"),
        ("15/12 17/12 20h", "jueves 17 de diciembre, 20:00"),
        ("15/12 sexta 20h", "viernes 18 de diciembre, 20:00"),
    ],
)
async def test_a_weekday_behind_one_date_is_the_next_one_after_it(
    plain: Talk, line: str, new: str
) -> None:
    talk = plain
    await talk.says("ana", '!evento "Asamblea" martes 18h cada:semana hasta 20/12')
    await talk.sent()
    await talk.says("ana", f"!mover 1 {line}")
    said = "\n".join(post.plain for post in await talk.said())
    assert f"martes 15 de diciembre, 18:00 → {new} (Bogotá)" in said.replace("09:00", "9:00")
