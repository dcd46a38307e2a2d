"""The method of equal shares: everybody has an equal part, and supporters pay what they can.

Dominik Peters, Grzegorz Pierczyński, Piotr Skowron, "Proportional Participatory Budgeting with
Additive Utilities", NeurIPS 2021, section 2. What a project is worth to a person is its cost times
the points they gave it (one, if they only chose it). All arithmetic is exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from commands.decision_rules.ballots import Profile

TieOrder = Mapping[int, tuple[int, ...]]
"""For each project what is compared where two are equally cheap for their supporters."""


@dataclass(slots=True)
class _Group:
    """People with the same ballot: how many, the points they give, and what each has left.

    `left` counts in parts of a unit of money; how many parts there are to a unit is `_Purse.parts`.
    """

    people: int
    points: Mapping[int, int]
    left: int


@dataclass(frozen=True, slots=True)
class _Offer:
    """What a project costs each supporter: `price` parts for each point, or all they have left."""

    price: Fraction
    rate: Fraction
    """Units of money for each unit of what it is worth to them. The smallest is bought."""


def buy_equal_shares(
    profile: Profile, costs: Sequence[int], share: Fraction, ties: TieOrder
) -> tuple[int, ...]:
    """Return the places of the projects that are bought by the method of equal shares, in order.
    Each person has `share`.

    Together they may cost more than the money there is only if the shares add up to more.
    """
    return _Purse(profile, costs, share).buy(ties)


class _Purse:
    """What everybody has left, in whole parts of a unit of money, so that nothing is rounded."""

    def __init__(self, profile: Profile, costs: Sequence[int], share: Fraction) -> None:
        self.parts = share.denominator
        self._groups = [
            _Group(people, dict(ballot), share.numerator) for ballot, people in profile.items()
        ]
        self._costs = costs
        self._supporters: dict[int, list[_Group]] = {}
        for group in self._groups:
            for place, points in group.points.items():
                if points:
                    self._supporters.setdefault(place, []).append(group)

    def buy(self, ties: TieOrder) -> tuple[int, ...]:
        bought: list[int] = []
        # A rate only rises as people spend, so that an old one is a lower bound of the new one.
        bounds = dict.fromkeys(self._supporters, Fraction(0))
        while True:
            best: tuple[tuple[Fraction, tuple[int, ...]], int, _Offer] | None = None
            for place in sorted(bounds, key=lambda one: (bounds[one], ties[one])):
                if best is not None and bounds[place] > best[0][0]:
                    break
                offer = self._offer(place)
                if offer is None:
                    del bounds[place]
                    continue
                bounds[place] = offer.rate
                rank = (offer.rate, ties[place])
                if best is None or rank < best[0]:
                    best = rank, place, offer
            if best is None:
                return tuple(bought)
            _rank, place, offer = best
            self._pay(place, offer)
            del bounds[place]
            bought.append(place)

    def _offer(self, place: int) -> _Offer | None:
        """Return the smallest price at which its supporters can pay a project, or None."""
        supporters = [one for one in self._supporters[place] if one.left]
        owed = self._costs[place - 1] * self.parts
        if sum(one.people * one.left for one in supporters) < owed:
            return None
        self._supporters[place] = supporters
        whole = lcm(*{one.points[place] for one in supporters})
        poorest = sorted(supporters, key=lambda one: one.left * (whole // one.points[place]))
        points = sum(one.people * one.points[place] for one in supporters)
        for one in poorest:
            if owed * one.points[place] <= one.left * points:
                break
            owed -= one.people * one.left
            points -= one.people * one.points[place]
        price = Fraction(owed, points)
        return _Offer(price, price / (self._costs[place - 1] * self.parts))

    def _pay(self, place: int, offer: _Offer) -> None:
        """Take the price from each supporter. Parts become finer where it is not a whole number."""
        finer, price = offer.price.denominator, offer.price.numerator
        self.parts *= finer
        self._groups = [group for group in self._groups if group.left]
        for group in self._groups:
            group.left *= finer
        for group in self._supporters[place]:
            group.left -= min(group.left, price * group.points[place])
