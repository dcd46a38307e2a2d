"""Who is vouched for, against a count by hand of all ways in small random networks."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import combinations

import pytest

from commands.link_introductions.trust_paths import (
    Introductions,
    find_vouched,
    find_vouched_twice,
    introductions_by,
)

NAMES = "abcdef"


def ways(compared: set[str], said: Introductions, goal: str) -> Iterator[frozenset[str]]:
    """The networks between us and the goal, for each way without a circle."""

    def walk(at: str, before: frozenset[str]) -> Iterator[frozenset[str]]:
        if at == goal:
            yield before
            return
        for after in said.get(at, frozenset()):
            if after not in before | {at}:
                yield from walk(after, before | {at})

    for first in compared:
        yield from walk(first, frozenset())


@pytest.mark.parametrize("seed", range(300))
def test_it_agrees_with_all_ways_counted_one_by_one(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    compared = {name for name in NAMES if chance.random() < 0.35}
    pairs = [
        (one, other) for one in NAMES for other in NAMES if one != other and chance.random() < 0.3
    ]
    said = introductions_by(pairs)
    once, twice = find_vouched(compared, said), find_vouched_twice(compared, said)
    for name in NAMES:
        every = list(ways(compared, said, name))
        assert (name in once) == bool(every)
        apart = any(not one & other for one, other in combinations(every, 2))
        assert (name in twice) == (name in compared or apart)


def test_a_circle_alone_leads_nowhere() -> None:
    said = introductions_by([("x", "y"), ("y", "x")])
    assert find_vouched({"a"}, said) == {"a"}


def test_one_network_alone_is_never_two_introducers() -> None:
    said = introductions_by([("a", "b"), ("a", "c"), ("b", "x"), ("c", "x")])
    assert "x" in find_vouched({"a"}, said)
    assert find_vouched_twice({"a"}, said) == {"a"}
    assert "x" in find_vouched_twice({"a", "b"}, said)
