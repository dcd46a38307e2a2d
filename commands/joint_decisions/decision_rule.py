"""Whether a proposal of several networks passes, by exactly the rule in its terms. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from commands.joint_decisions.terms import ABSOLUTE, JointTerms, NetworkResult


def is_carried(terms: JointTerms, yes: int, no: int, results: Sequence[NetworkResult]) -> bool:
    """Tell whether a proposal passes with these votes (or networks, where each has one vote).

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


@dataclass(frozen=True, slots=True)
class Turnout:
    """Votes and rolls of all networks that have a result; `needed`: votes that the quorum takes."""

    voted: int
    roll: int
    needed: int

    @property
    def is_enough(self) -> bool:
        """Tell whether the quorum is reached."""
        return self.voted >= self.needed


def count_turnout(terms: JointTerms, results: Sequence[NetworkResult]) -> Turnout:
    """Return the turnout. Where each network has one vote, the quorum is checked at home."""
    voted, roll = (sum(n) for n in ([r.turnout for r in results], [r.roll for r in results]))
    if not terms.quorum or terms.count == "networks":
        needed = 0
    elif "/" in terms.quorum:
        needed = math.ceil(Fraction(terms.quorum) * roll)
    else:
        needed = int(terms.quorum)
    return Turnout(voted, roll, needed)
