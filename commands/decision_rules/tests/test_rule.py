"""Quorum and threshold as people write them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.decision_rules.thresholds import (
    Quorum,
    format_exact_share,
    format_share,
    parse_quorum,
    parse_share,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2/3", Fraction(2, 3)),
        (" 2 / 3 ", Fraction(2, 3)),
        ("60%", Fraction(3, 5)),
        ("60 %", Fraction(3, 5)),
        ("66,7 %", Fraction(667, 1000)),
        ("60 por ciento", Fraction(3, 5)),
        ("60 por cento", Fraction(3, 5)),
        ("60 percent", Fraction(3, 5)),
        ("Dos tercios", Fraction(2, 3)),
        ("dois terços", Fraction(2, 3)),
        ("two thirds", Fraction(2, 3)),
        ("la mitad", Fraction(1, 2)),
        ("metade", Fraction(1, 2)),
        ("unanimidad", Fraction(1)),
        ("100%", Fraction(1)),
        ("0%", None),
        ("120%", None),
        ("3/2", None),
        ("1/0", None),
        ("mucho", None),
        ("", None),
    ],
)
def test_a_share(text: str, found: Fraction | None) -> None:
    assert parse_share(text) == found


@pytest.mark.parametrize(
    ("text", "roll", "needed"),
    [
        ("60%", 100, 60),
        ("60%", 9, 6),
        ("2/3", 10, 7),
        ("12", 100, 12),
        ("12 personas", 9, 12),
        ("12 pessoas", 9, 12),
        ("la mitad", 9, 5),
    ],
)
def test_a_quorum(text: str, roll: int, needed: int) -> None:
    found = parse_quorum(text)
    assert found is not None
    assert found.needed(roll) == needed


@pytest.mark.parametrize("text", ["0", "-3", "bastante", "0%", "7/3"])
def test_what_is_no_quorum(text: str) -> None:
    assert parse_quorum(text) is None


@given(st.fractions(min_value=Fraction(1, 10_000), max_value=1, max_denominator=10_000))
def test_a_share_is_kept_exactly(part: Fraction) -> None:
    assert parse_share(format_exact_share(part)) == part
    found = parse_quorum(Quorum(share=part).kept)
    assert found is not None
    assert (found.share, found.count) == (part, None)


@pytest.mark.parametrize(
    ("typed", "shows"),
    [
        ("5/7", "5/7"),
        ("60%", "60%"),
        ("3/5", "60%"),
        ("2/3", "2/3"),
        ("1/2", "50%"),
        ("75%", "75%"),
        ("1/6", "1/6"),
        ("66,7%", "66.7%"),
        ("100%", "100%"),
    ],
)
def test_a_share_is_shown_as_people_write_it(typed: str, shows: str) -> None:
    part = parse_share(typed)
    assert part is not None
    assert format_share(part) == shows


@given(st.integers(1, 10_000), st.fractions(min_value=Fraction(1, 100), max_value=1))
def test_who_is_needed_is_the_smallest_number_that_reaches_it(roll: int, part: Fraction) -> None:
    needed = Quorum(share=part).needed(roll)
    assert Fraction(needed, roll) >= part > Fraction(needed - 1, roll)
