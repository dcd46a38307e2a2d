"""A second program for the transferable vote: paper by paper, in decimals, sharing no line."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

from commands.decision_rules.ballots import PollQuestion, Profile


class PaperCount:
    """The rules of SSI 2011/399 once more: each paper is an object with a value of its own."""

    def __init__(self, question: PollQuestion, profile: Profile) -> None:
        self.orders = [
            [place for place, _rank in sorted(ballot, key=lambda one: one[1])]
            for ballot, weight in profile.items()
            for _paper in range(weight)
        ]
        self.values = [Decimal(1)] * len(self.orders)
        self.hopeful = list(question.places)
        self.elected: list[int] = []
        self.waiting: list[int] = []
        self.fixed: dict[int, Decimal] = {}
        self.stages: list[dict[int, Decimal]] = []
        self.holders = list(map(self.next_on, self.orders))
        self.seats = question.seats
        self.quota = Decimal(len(self.orders) // (question.seats + 1) + 1)
        self.everybody = list(question.places)

    def next_on(self, order: list[int]) -> int:
        return next((place for place in order if place in self.hopeful), 0)

    def credited(self, place: int) -> Decimal:
        if place in self.fixed:
            return self.fixed[place]
        held = zip(self.values, self.holders, strict=True)
        return sum((value for value, holder in held if holder == place), Decimal(0))

    def run(self) -> list[int]:
        while True:
            now = {place: self.credited(place) for place in self.everybody}
            self.stages.append(now)
            reached = [place for place in self.hopeful if now[place] >= self.quota]
            while reached and len(self.elected) < self.seats:
                best = self.extreme(reached, best=True)
                reached.remove(best)
                self.hopeful.remove(best)
                self.elected.append(best)
                if now[best] > self.quota:
                    self.waiting.append(best)
            vacant = self.seats - len(self.elected)
            if vacant and len(self.hopeful) <= vacant:
                self.elected += self.hopeful
                self.hopeful = []
            if len(self.elected) == self.seats or not self.hopeful:
                return self.elected
            if self.waiting:
                moves = self.extreme(self.waiting, best=True)
                self.waiting.remove(moves)
                self.move(moves, (now[moves] - self.quota, now[moves]))
                self.fixed[moves] = self.quota
            else:
                moves = self.extreme(self.hopeful, best=False)
                self.hopeful.remove(moves)
                self.move(moves, None)
                self.fixed[moves] = Decimal(0)

    def move(self, place: int, share: tuple[Decimal, Decimal] | None) -> None:
        for at, holder in enumerate(self.holders):
            if holder == place:
                if share is not None:
                    exact = self.values[at] * share[0] / share[1]
                    self.values[at] = exact.quantize(Decimal("0.00001"), rounding=ROUND_DOWN)
                self.holders[at] = self.next_on(self.orders[at])

    def extreme(self, places: list[int], *, best: bool) -> int:
        """The most or the fewest votes; equal ones by the last stage that differs; then the lot."""
        tied = list(places)
        for stage in reversed(self.stages):
            wanted = (max if best else min)(stage[place] for place in tied)
            tied = [place for place in tied if stage[place] == wanted]
            if len(tied) == 1:
                return tied[0]
        return min(tied) if best else max(tied)
