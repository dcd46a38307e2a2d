"""Courtesies before what is asked are cut off at once, however many there are."""

from __future__ import annotations

import pytest

from bot.text import spoken


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("por favor, porfa recuérdame mañana", "recuérdame mañana"),
        ("¿por favor, dónde es?", "dónde es?"),
        ("please pls remind me", "remind me"),
        ("pls " * 2_499 + "remind me", "remind me"),
        ("pfv pfvr " * 1_000 + "me lembra", "me lembra"),
    ],
)
def test_what_is_asked_is_one_of_the_readings(line: str, asked: str) -> None:
    found = [reading.text for reading in spoken.readings(line)]
    assert asked in found
    assert len(found) < 10
