"""How votes become seats: by the single transferable vote, or by the most votes. Pure.

The transferable vote is counted as in Scottish council elections.

The Scottish Local Government Elections Order 2011 (SSI 2011/399), Schedule 1, Part III: the Droop
quota, surpluses by the weighted inclusive Gregory method, one exclusion at a time, values with five
decimals that are never rounded up. Of equal candidates the last earlier stage at which they were
unequal decides, and then the lot: the order on the ballot, which was drawn. Quotas of groups are
our addition (`seat_quotas`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from commands.decision_rules import ballots
from commands.decision_rules.ballots import (
    PollQuestion,
    Profile,
    SeatCount,
    SeatReason,
    SeatRound,
    SeatWon,
)
from commands.decision_rules.seat_quotas import SeatPlan

UNIT = 100_000
"""One vote, in the smallest part of a vote that is counted: five decimals."""
FIRST, SURPLUS, OUT, BARRED = "first", "surplus", "out", "barred"
"""What happens in a round: first choices, a surplus moves on, the last goes out, a quota bars."""


def count_stv(profile: Profile, question: PollQuestion) -> SeatCount:
    """Return who is elected by the single transferable vote, and each round of the count."""
    return _StvCount(profile, question).run()


class _StvCount:
    """A count that is going on: who is in, what each has, and the papers that are with them."""

    def __init__(self, profile: Profile, question: PollQuestion) -> None:
        self.plan = SeatPlan(question)
        self.left = set(self.plan.standing)
        self.won: list[SeatWon] = []
        self.rounds: list[SeatRound] = []
        self.kept: set[int] = set()
        self._papers: list[tuple[tuple[int, ...], int]] = []
        self._units = dict.fromkeys(self.plan.standing, 0)
        self._piles: dict[int, list[tuple[int, int]]] = {one: [] for one in self.plan.standing}
        self._surplus: set[int] = set()
        for ballot, weight in profile.items():
            ranked = tuple(p for p, _rank in sorted(ballot, key=lambda pair: pair[1]))
            if self.left.intersection(ranked):
                self._papers.append((ranked, weight))
        self._total = UNIT * sum(weight for _ranked, weight in self._papers)
        self.needed = (self._total // UNIT // (self.plan.seats + 1) + 1) * UNIT

    def run(self) -> SeatCount:
        """Count to the end."""
        for paper in range(len(self._papers)):
            self._deal(paper, UNIT)
        self._note(FIRST, 0)
        while not self._is_over():
            barred = self.plan.barred(self._elected, self.left) if self.plan.is_bound else set()
            if barred:
                self._exclude(barred, BARRED)
            elif self._surplus:
                self._pass_surplus()
            else:
                must = self.plan.guarded(self._elected, self.left) if self.plan.is_bound else set()
                self.kept |= self._spared(must)
                self._exclude(self.left - must, OUT)
        won = tuple(one._replace(kept=one.place in self.kept) for one in self.won)
        return SeatCount(won, tuple(self.rounds), self.needed)

    @property
    def _elected(self) -> list[int]:
        return [one.place for one in self.won]

    def _is_over(self) -> bool:
        """Elect who can be elected now. Return whether every seat is filled."""
        for place in self._in_order(self.left):
            if self._units[place] >= self.needed and len(self.won) < self.plan.seats:
                self._elect_if_allowed(place)
        if len(self.won) + len(self.left) <= self.plan.seats:
            for place in self._in_order(self.left):
                self._elect(place, SeatReason.LEFT)
        return len(self.won) >= self.plan.seats

    def _elect_if_allowed(self, place: int) -> None:
        if not self.plan.is_bound or place not in self.plan.barred(self._elected, self.left):
            self._elect(place, SeatReason.QUOTA)

    def _elect(self, place: int, why: SeatReason) -> None:
        units = self._units[place]
        self.won.append(SeatWon(place, len(self.rounds), units, why))
        self.left.remove(place)
        if units > self.needed:
            self._surplus.add(place)

    def _pass_surplus(self) -> None:
        """Pass the largest surplus on: each paper at its value, times the share that is over."""
        place, lot = self._first(self._surplus)
        self._surplus.remove(place)
        total = self._units[place]
        for paper, value in self._piles.pop(place):
            self._deal(paper, (total - self.needed) * value // total)
        self._units[place] = self.needed
        self._note(SURPLUS, place, lot=lot)

    def _spared(self, must: Collection[int]) -> set[int]:
        """Return who would go out now but for a quota."""
        return {self._last(self.left)[0]} & set(must)

    def _exclude(self, among: Collection[int], why: str) -> None:
        """Exclude the one with the fewest votes. Their papers move on at their value."""
        place, lot = self._last(among)
        self.left.remove(place)
        self._units[place] = 0
        for paper, value in self._piles.pop(place):
            self._deal(paper, value)
        self._note(why, place, lot=lot)

    def _deal(self, paper: int, value: int) -> None:
        """Give a paper to the best of those who are left on it, if any."""
        ranked, weight = self._papers[paper]
        best = next((place for place in ranked if place in self.left), None)
        if best is not None and value:
            self._units[best] += weight * value
            self._piles[best].append((paper, value))

    def _note(self, act: str, place: int, *, lot: bool = False) -> None:
        lost = self._total - sum(self._units.values())
        self.rounds.append(SeatRound(act, place, tuple(self._units.items()), lost, lot))

    # --- who is before whom ---------------------------------------------------------------------

    def _standing(self, place: int) -> tuple[int, ...]:
        """Return what they have now, and what they had in each round before, the last first."""
        at = self.plan.standing.index(place)
        return (self._units[place], *(one.units[at][1] for one in reversed(self.rounds)))

    def _in_order(self, places: Collection[int]) -> list[int]:
        """Return them, most votes first. The lot, which is their place, decides between equals."""
        return sorted(places, key=lambda one: (*(-n for n in self._standing(one)), one))

    def _first(self, places: Collection[int]) -> tuple[int, bool]:
        """Return the one with the most votes, and whether the lot had to decide."""
        return self._pick(self._in_order(places))

    def _last(self, places: Collection[int]) -> tuple[int, bool]:
        """Return the one with the fewest votes, and whether the lot had to decide."""
        return self._pick(self._in_order(places)[::-1])

    def _pick(self, ordered: Sequence[int]) -> tuple[int, bool]:
        equal = [one for one in ordered[:2] if self._standing(one) == self._standing(ordered[0])]
        return ordered[0], len(equal) == 2


# --- the most votes -----------------------------------------------------------------------------

PASSED, TAKEN = "passed", "taken"
"""What happens in a round: a quota passes somebody over, or a seat is taken."""


def count_most_votes(profile: Profile, question: PollQuestion) -> SeatCount:
    """Return who is elected by the most votes, where a ballot gives one vote to each candidate it
    names.

    Each seat, and each one that a quota passes over, is a round.
    """
    plan = SeatPlan(question)
    votes = ballots.votes_by_place(profile, question.places)
    units = tuple((place, UNIT * votes[place]) for place in plan.standing)
    left = sorted(plan.standing, key=lambda place: (-votes[place], place))
    won: list[SeatWon] = []
    rounds: list[SeatRound] = []
    passed: list[int] = []
    while left and len(won) < plan.seats:
        place = left.pop(0)
        lot = bool(left) and votes[left[0]] == votes[place]
        elected = [one.place for one in won]
        if plan.is_bound and place in plan.barred(elected, [place, *left]):
            passed.append(place)
            rounds.append(SeatRound(PASSED, place, units, 0))
            continue
        kept = any(votes[one] >= votes[place] for one in passed)
        rounds.append(SeatRound(TAKEN, place, units, 0, lot))
        won.append(SeatWon(place, len(rounds), UNIT * votes[place], SeatReason.VOTES, kept))
    return SeatCount(tuple(won), tuple(rounds))
