"""An event is moved by an hour alone, in words: the day stays. It is Wednesday 25 November."""

from __future__ import annotations

import pytest

from bot.testing import Talk


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
