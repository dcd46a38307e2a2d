"""Sums of pairs: how many put one option before another, all that leaves a network of an order.

Schulze's method needs no more, and what is added up says nothing about any one order.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations
from operator import sub

from commands.decision_rules.kinds import schulze

PairSums = Mapping[str, int]
"""Votes by pair: `1>2` is how many put option 1 before option 2."""


def pair_key(better: int, worse: int) -> str:
    """Return the key of a pair of options: `1>2` for the first preferred to the second."""
    return f"{better}>{worse}"


def pair_keys(options: int) -> tuple[str, ...]:
    """Return the keys of all pairs of so many options."""
    return tuple(pair_key(a, b) for a, b in permutations(range(1, options + 1), 2))


def rank_options(counts: PairSums, options: int) -> tuple[tuple[int, ...], ...]:
    """Return groups of equal options, best first, by Schulze's method on the sums of the
    networks."""
    places = range(1, options + 1)
    pairs = {(a, b): counts[pair_key(a, b)] for a, b in permutations(places, 2)}
    return schulze.schulze_order(pairs, places)


def are_possible(counts: PairSums, options: int, voters: int) -> bool:
    """Return whether so many ranked votes could have these sums of pairs.

    Each order puts one of two before the other, or neither; and what it puts before a third, it
    puts before a second, or the second before the third. From these two follows that no circle is
    preferred by all. More would be needed to exclude every lie (the linear ordering polytope:
    Fishburn, "Induced binary probabilities and the linear ordering polytope: a status report",
    Mathematical Social Sciences 23, 1992).
    """
    if set(counts) != set(pair_keys(options)):
        return False
    places = range(1, options + 1)
    over = [[counts.get(pair_key(a, c), 0) for c in places] for a in places]
    return all(
        over[a][b] + over[b][a] <= voters and max(map(sub, over[a], over[b])) <= over[a][b]
        for a, b in permutations(range(options), 2)
    )
