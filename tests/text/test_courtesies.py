"""Courtesies before what is asked are cut off at once, however many there are."""

from __future__ import annotations

import pytest

from bot.text import own_words, spoken


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


@pytest.mark.parametrize(
    "text", ["ya porfavor", "porfis ya", "agora pfv", "now plis", "ya, muchas gracias", "xfa"]
)
def test_courtesies_only_hurry(text: str) -> None:
    assert spoken.is_hurry(text)


@pytest.mark.parametrize("text", ["", "ya no", "por la tarde", "now or never", "porfavores"])
def test_other_words_do_not(text: str) -> None:
    assert not spoken.is_hurry(text)


@pytest.mark.parametrize(
    "line", ["yes pls", "sí porfavor", "sim, pfv", "dale, muchas gracias", "sim muito obrigada"]
)
def test_a_yes_with_a_courtesy_is_a_yes(line: str) -> None:
    assert own_words.is_assent(line)


@pytest.mark.parametrize("line", ["por favor", "gracias", "bueno, perdón", "yes pls?", "sí pero"])
def test_a_courtesy_alone_is_none(line: str) -> None:
    assert not own_words.is_assent(line)
