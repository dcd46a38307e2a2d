"""What several networks decide with these sums, by exactly the rule in the terms. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from commands.joint_decisions import pair_sums
from commands.joint_decisions.terms import (
    ABSOLUTE,
    BLOCK,
    FOR,
    JointTerms,
    NetworkResult,
    leading_choices,
)


def is_carried(terms: JointTerms, yes: int, no: int, results: Sequence[NetworkResult]) -> bool:
    """Return whether a proposal to several networks passes with these votes (or networks, where
    each has one vote).

    A tie does not pass. `results`: of all networks that have one.
    """
    if terms.majority == ABSOLUTE:
        each = terms.count == "networks"
        return 2 * yes > (len(results) if each else sum(one.weight for one in results))
    if terms.majority:
        return yes > 0 and Fraction(yes, yes + no) >= Fraction(terms.majority)
    if terms.share == 500:
        return yes > no
    return yes * 1000 >= terms.share * (yes + no) and yes > 0


def passes_by_consent(counts: Mapping[str, int]) -> bool:
    """Return whether somebody is for a proposal and nobody, in any network, blocks it."""
    return counts[FOR] > 0 and not counts[BLOCK]


def first_choices(terms: JointTerms, counts: Mapping[str, int]) -> list[str]:
    """Return the options that come first by a joint decision's counts; several are a tie.

    For a ranked vote `counts` are of pairs of options, else of votes or points for each.
    """
    if terms.method == "ranked":
        return [str(place) for place in pair_sums.rank_options(counts, len(terms.options))[0]]
    return leading_choices(counts)


@dataclass(frozen=True, slots=True)
class Turnout:
    """Votes and rolls of all networks that have a result; `needed`: votes that the quorum takes."""

    voted: int
    roll: int
    needed: int

    @property
    def is_enough(self) -> bool:
        """Return whether as many voted as the quorum asks for."""
        return self.voted >= self.needed


def count_turnout(terms: JointTerms, results: Sequence[NetworkResult]) -> Turnout:
    """Return how many could and did vote in all networks. Where each network has one vote, the
    quorum is checked at home."""
    voted, roll = (sum(n) for n in ([r.turnout for r in results], [r.roll for r in results]))
    if not terms.quorum or terms.count == "networks":
        needed = 0
    elif "/" in terms.quorum:
        needed = math.ceil(Fraction(terms.quorum) * roll)
    else:
        needed = int(terms.quorum)
    return Turnout(voted, roll, needed)
