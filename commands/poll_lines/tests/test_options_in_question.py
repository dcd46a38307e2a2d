"""A question said in one breath with its options: it is none of them, and its end is heard."""

from __future__ import annotations

import pytest

from bot.testing.talk import Talk

FOUND = "Minga haz una encuesta para ver q dia nos juntamos, martes o jueves,"


@pytest.mark.begins("wednesday 10:00", "it names days of the week and hours of tomorrow")
@pytest.mark.parametrize(
    ("line", "options"),
    [
        (f"{FOUND} hasta mañana en la noche", "1 martes · 2 jueves"),
        ("minga haz una encuesta: q dia nos juntamos, martes o jueves", "1 martes · 2 jueves"),
        ("!encuesta donde comemos, casa o plaza, hasta mañana 18h", "1 casa · 2 plaza"),
        (
            "Minga, faz uma enquete para ver que dia a gente se encontra, terça ou quinta",
            "1 terça · 2 quinta",
        ),
        ("!enquete sobre onde comemos, casa ou praça", "1 casa · 2 praça"),
        (
            "minga make a poll to see which day we meet, tuesday or thursday",
            "1 tuesday · 2 thursday",
        ),
        ("!poll about where we eat, park or school", "1 park · 2 school"),
        ("minga haz una encuesta pan, agua o mate", "1 pan · 2 agua · 3 mate"),
        ("!encuesta martes, jueves o viernes", "1 martes · 2 jueves · 3 viernes"),
        ("!encuesta pizza o tacos", "1 pizza · 2 tacos"),
    ],
)
async def test_the_question_is_no_option(talk: Talk, line: str, options: str) -> None:
    said = await talk.answer("bea", line)
    assert said == f"¿Son estas las opciones? {options}\n`sí` o `no`"
    said = await talk.answer("bea", "si dale")
    assert said.startswith(("Encuesta 1: ", "¿Cuál de estas fechas?")), said


@pytest.mark.begins("wednesday 10:00", "it names hours of tomorrow")
@pytest.mark.parametrize(
    ("line", "second"),
    [
        ("minga, make a poll pizza or tacos for friday until 5 tomorrow", "tacos for friday"),
        ("minga faz uma enquete pizza ou tacos até 5 amanhã", "tacos"),
    ],
)
async def test_an_hour_before_the_day_is_when_it_closes(talk: Talk, line: str, second: str) -> None:
    assert f"2 {second}\n" in await talk.answer("bea", line)
    assert "17:00" in await talk.answer("bea", "sí")
    said = await talk.answer("bea", "1")
    assert f"2 {second}\n" in said and "Cierra el jueves" in said and "17:00" in said


@pytest.mark.parametrize("line", ["until 5 people", "until 5 is fine"])
async def test_a_number_without_a_day_is_no_hour(talk: Talk, line: str) -> None:
    assert line in await talk.answer("bea", f"!poll pizza or tacos {line}")
