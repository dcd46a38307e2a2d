"""Moving in words: an hour alone, one date or all."""

from __future__ import annotations

import pytest

from bot.dates.texts import WEEKDAYS
from bot.testing.talk import Talk
from commands.events.tests.days import agenda, in_days
from commands.events.tests.event_lines import say


def taller() -> str:
    """A line that makes an event."""
    return f"!evento Taller {in_days(3).weekday} 19h"


def rehearsals(more: str = "") -> str:
    """A line that makes a series."""
    return f"!evento Ensayo cada {in_days(6).weekday} 19h {more}"


@pytest.mark.parametrize(
    "hour",
    [
        *("a las 20h", "para las 20h", "a las 8 de la noche", "8 de la noche", "ocho de la noche"),
        *("às 20h", "para as 20h", "8 da noite", "às oito da noite", "at 8 in the evening", "8 pm"),
    ],
)
async def test_an_hour_in_words_leaves_the_day_where_it_is(plain: Talk, hour: str) -> None:
    await plain.answer("bea", taller())
    said = await plain.answer("bea", f"!mover 1 {hour}")
    assert f"→ {in_days(3).words(plain)}, 20:00 (Bogotá)" in said


async def test_an_hour_of_the_morning_or_evening_is_asked_on_its_own_day(plain: Talk) -> None:
    await plain.answer("bea", taller())
    for hour in ("a las 8", "7:30", "à 1h", "a la 1", "al mediodía"):
        said = await plain.answer("bea", f"!mover 1 {hour}")
        assert said.count(in_days(3).words(plain)) == 2
        assert in_days(0).words(plain) not in said


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("todas", ["20:00", "20:00"]),
        ("Todas las fechas.", ["20:00", "20:00"]),
        ("todas as datas", ["20:00", "20:00"]),
        ("solo esta", ["20:00", "19:00"]),
        ("só essa", ["20:00", "19:00"]),
        ("{weekday}", ["20:00", "19:00"]),
    ],
)
async def test_which_dates_is_answered_in_words_too(
    plain: Talk, said: str, left: list[str]
) -> None:
    await plain.answer("bea", rehearsals("2 veces"))
    assert "Bea movió el evento 1" in await say(
        plain, "bea", "!mover 1 20h", said.format(weekday=in_days(6).weekday)
    )
    lines = await agenda(plain, "Ensayo", in_days(13))
    assert [line.split(": ")[1][:5] for line in lines] == left


async def test_all_dates_are_moved_wherever_it_is_said(plain: Talk) -> None:
    await plain.answer("bea", rehearsals("2 veces"))
    assert f"→ {in_days(6).words(plain)}, 20:00" in await plain.answer("bea", "!mover 1 20h todas")
    lines = await agenda(plain, "Ensayo", in_days(13))
    assert lines[1].startswith(f"{in_days(13).title(plain)}: 20:00")


async def test_of_a_series_that_is_cancelled_all_dates_are_named(plain: Talk) -> None:
    await plain.answer("bea", rehearsals())
    assert "con todas sus fechas" in await say(plain, "bea", "!cancelar 1", "todas")
    said = await plain.answer("bea", "sí")
    assert "Bea canceló el evento 1, “Ensayo”: todas las fechas." in said


async def test_a_day_that_has_passed_is_said_without_an_hour(plain: Talk) -> None:
    await plain.answer("bea", taller())
    said = await plain.answer("bea", "!mover 1 ayer")
    assert said.startswith(f"El {in_days(-1).words(plain)} ya pasó.")


@pytest.mark.parametrize(
    ("line", "later", "hour"),
    [
        ("{date} {new.weekday} 20h", 3, "20:00"),
        ("{date} para el {new.weekday} 9h", 1, "09:00"),
        ("{date} {new.typed} 20h", 2, "20:00"),
        ("{date} {portuguese} 20h", 3, "20:00"),
    ],
)
async def test_a_weekday_behind_one_date_is_the_next_one_after_it(
    plain: Talk, line: str, later: int, hour: str
) -> None:
    talk, third = plain, in_days(20)
    until, new = third.plus(5).typed, third.plus(later)
    await talk.says("ana", f'!evento "Asamblea" {third.weekday} 18h cada:semana hasta {until}')
    await talk.sent()
    portuguese = WEEKDAYS["pt"][new.wall.weekday()].removesuffix("-feira")
    typed = line.format(date=third.typed, new=new, portuguese=portuguese)
    await talk.says("ana", f"!mover 1 {typed}")
    said = "\n".join(post.plain for post in await talk.said())
    assert f"{third.words(talk)}, 18:00 → {new.words(talk)}, {hour} (Bogotá)" in said
