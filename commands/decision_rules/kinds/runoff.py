"""Instant run-off: round by round the last option goes out, and its votes move on.

The "alternative vote" of Robert's Rules of Order Newly Revised (12th edition, section 45:62,
preferential voting). Ties for last place: fewer first choices, then fewer second choices, and so
on. A ballot with equal ranks is shared equally among them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import lcm

from commands.decision_rules.ballots import Profile
from commands.decision_rules.kinds.schulze import rank_groups

PARTS_OF_VOTE = lcm(*range(1, 21))
"""The parts of one vote. Up to twenty equal options can share it without a remainder."""


@dataclass(frozen=True, slots=True)
class RunoffCount:
    """The course of a count.

    `out`: the eliminated options, first to leave first. `by_lot`: a tie that nothing decided.
    """

    winners: tuple[int, ...]
    rounds: int
    out: tuple[int, ...]
    by_lot: bool

    @property
    def winner(self) -> int:
        """The place of the option that won the run-off, the first of several."""
        return self.winners[0]


def count_runoff(profile: Profile, places: Sequence[int]) -> RunoffCount:
    """Return the winner of an instant run-off, or those among whom only a lot could decide.

    If two options at the bottom cannot be told apart, the count is repeated in favour of each
    option in turn, with the others listed forwards and backwards. Different winners then are a tie,
    so that the order of the list decides nothing. Following every way that a tie can go would take
    2^20 counts where twenty people vote for twenty options; the tests do that in small elections.
    """
    support = choices_by_rank(profile, places)
    found = _count_once(profile, places, support)
    if not found.by_lot:
        return found
    winners = {found.winner}
    for favoured in places:
        others = [place for place in places if place != favoured]
        winners |= {
            _count_once(profile, [favoured, *them], support).winner
            for them in (others, others[::-1])
        }
    return RunoffCount(tuple(sorted(winners)), found.rounds, found.out, by_lot=True)


def first_choices(profile: Profile, places: Sequence[int]) -> dict[int, int]:
    """Return for each option the weight of the ballots that rank it first. Equal first choices
    count fully."""
    found = dict.fromkeys(places, 0)
    for ballot, weight in profile.items():
        best = min((rank for _place, rank in ballot), default=0)
        for place, rank in ballot:
            if rank == best:
                found[place] += weight
    return found


def choices_by_rank(profile: Profile, places: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Return for each option a tuple: the weight of the ballots that rank it first, second and so
    on. `places` are the options' positions in the list. Options ranked equal all count fully."""
    found = {place: [0] * len(places) for place in places}
    for ballot, weight in profile.items():
        for at, group in enumerate(rank_groups(ballot)):
            for place in group:
                found[place][at] += weight
    return {place: tuple(counts) for place, counts in found.items()}


def _count_once(
    profile: Profile, places: Sequence[int], support: Mapping[int, tuple[int, ...]]
) -> RunoffCount:
    """Count once. Of options that nothing tells apart, the later in `places` goes out first."""
    table = _Piles(profile, places)
    out: list[int] = []
    by_lot = False
    while True:
        left = [place for place in places if place not in out]
        standing = {place: (table.votes[place], support[place]) for place in left}
        most = max(left, key=lambda place: table.votes[place])
        total = sum(table.votes[place] for place in left)
        if 2 * table.votes[most] > total:
            return RunoffCount((most,), len(out) + 1, tuple(out), by_lot)
        least = min(standing.values())
        last = [place for place in left if standing[place] == least]
        # Removing an option without votes moves none, so among those the order cannot matter.
        by_lot = by_lot or (len(last) > 1 and least[0] > 0)
        out.append(last[-1])
        table.remove(last[-1])


class _Piles:
    """The ballots in piles, one for each option that is still in."""

    def __init__(self, profile: Profile, places: Sequence[int]) -> None:
        self.votes = dict.fromkeys(places, 0)
        self._in = set(places)
        self._ballots = [list(rank_groups(ballot)) for ballot in profile]
        self._weights = [weight * PARTS_OF_VOTE for weight in profile.values()]
        self._on: list[list[int]] = [[] for _each in self._ballots]
        self._piles: dict[int, list[int]] = {place: [] for place in places}
        for at in range(len(self._ballots)):
            self._deal(at)

    def remove(self, place: int) -> None:
        """Remove an option. Only the ballots on its pile move."""
        self._in.remove(place)
        for at in self._piles.pop(place):
            self._deal(at)
        del self.votes[place]

    def _deal(self, at: int) -> None:
        before = self._on[at]
        best = ([p for p in group if p in self._in] for group in self._ballots[at])
        now = next((group for group in best if group), [])
        for place in before:
            self.votes[place] -= self._weights[at] // len(before)
        for place in now:
            self.votes[place] += self._weights[at] // len(now)
            if place not in before:
                self._piles[place].append(at)
        self._on[at] = now
