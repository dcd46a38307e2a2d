"""Does a proposal of several networks pass: by exactly the rule that was chosen for it. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from commands.links.joint.terms import ABSOLUTE, Result, Terms


def carried(terms: Terms, yes: int, no: int, results: Sequence[Result]) -> bool:
    """Of votes, or of networks where each has one. A tie does not carry."""
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
    """Of all networks that have a result; `needed` by the quorum."""

    voted: int
    roll: int
    needed: int

    @property
    def enough(self) -> bool:
        return self.voted >= self.needed


def turnout(terms: Terms, results: Sequence[Result]) -> Turnout:
    """Where each network has one vote, it sees to its quorum at home."""
    voted, roll = (sum(n) for n in ([r.turnout for r in results], [r.roll for r in results]))
    if not terms.quorum or terms.count == "networks":
        needed = 0
    elif "/" in terms.quorum:
        needed = math.ceil(Fraction(terms.quorum) * roll)
    else:
        needed = int(terms.quorum)
    return Turnout(voted, roll, needed)
