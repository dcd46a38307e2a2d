"""The number of a thing is told from a date, an hour and an amount."""

from __future__ import annotations

import pytest

from bot.text.numbers import split_number


@pytest.mark.parametrize(
    ("text", "number", "rest"),
    [
        ("57", 57, ""),
        (" #57: hola", 57, "hola"),
        ("57, 2", 57, "2"),
        ("57 5/12 a las 17:30", 57, "5/12 a las 17:30"),
        ("57.", 57, "."),
        ("57\nhola\nchao", 57, "hola\nchao"),
        ("999999999", 999999999, ""),
    ],
)
def test_a_number_begins_the_text(text: str, number: int, rest: str) -> None:
    assert split_number(text) == (number, rest)


@pytest.mark.parametrize(
    "text",
    ["5/12 19:00", "17:30", "2026-12-03", "1,5 horas", "7pm", "7h", "1234567890", "el 57", "", "#"],
)
def test_a_date_an_hour_and_an_amount_are_no_number(text: str) -> None:
    assert split_number(text) is None
