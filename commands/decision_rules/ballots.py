"""The values that all kinds of decisions share: question, ballot, profile and result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from bot.api import Line, Number, shorten_line

Ballot = tuple[tuple[int, int], ...]
"""Pairs (place of an option, value), by place. The kind says what a value means: 1, points, a rank.

`()` is a blank ballot: a vote that was withdrawn.
"""
Part = tuple[Ballot, int]
"""A whole ballot and its weight. A split mandate has several."""
Profile = Mapping[Ballot, int]
"""The weight behind each different ballot. A tally needs nothing else."""

BLANK: Ballot = ()
SHORT_TITLE = 80
FEWEST_VOTES = 5
"""Of fewer votes nothing is published where nobody is to learn how somebody voted."""


class PollVerdict(StrEnum):
    """How a poll ended."""

    WON = "won"
    TIE = "tie"
    APPROVED = "approved"
    NOT_APPROVED = "not approved"
    NOBODY = "nobody"
    NO_QUORUM = "no quorum"
    TOO_FEW = "too few"  # secret and so few votes that any result would reveal them


@dataclass(frozen=True, slots=True)
class SeatQuota:
    """How many of the seats those in a group must and can have. `places`: who is in the group."""

    name: str
    low: int
    high: int
    places: frozenset[int]


@dataclass(frozen=True, slots=True)
class PollQuestion:
    """What is decided, and by which rule.

    `most`: how many options one person may choose. `threshold`: the share of votes for among those
    for and against; None: more for than against. `method`: the variant of the kind. `points`: the
    most points for one option; with dots, the points one person can give away. `electorate`: the
    weight of the whole roll where more than half of it is needed, else 0.
    """

    number: Number
    labels: tuple[str, ...] = ()
    title: str = ""
    most: int = 1
    threshold: Fraction | None = None
    method: str = ""
    points: int = 5
    electorate: int = 0
    seats: int = 1
    """How many options can win: as many as one person may choose, if there are more options."""
    quotas: tuple[SeatQuota, ...] = ()
    """Of an election: which groups have a share of the seats."""
    withdrawn: frozenset[int] = frozenset()
    """Of an election: who stands on the ballot and cannot be elected any more."""

    @property
    def bound(self) -> bool:
        """Whether the rule asks for a share of the votes or of the roll."""
        return self.threshold is not None or self.electorate > 0

    def is_reached(self, votes: int, cast: int) -> bool:
        """Return whether `votes` of `cast` are as many as the rule asks for."""
        if self.electorate:
            return 2 * votes > self.electorate
        return votes > 0 and Fraction(votes, cast) >= (self.threshold or 0)

    @property
    def name(self) -> str:
        """The poll's title, shortened for later messages."""
        return shorten_line(self.title, SHORT_TITLE)

    @property
    def places(self) -> range:
        """The places of the options, from 1."""
        return range(1, len(self.labels) + 1)

    def label(self, place: int) -> str:
        """Return the label of the option at this place, from 1."""
        return self.labels[place - 1]


class OptionRow(NamedTuple):
    """What one option got: votes or points, and in a date poll how many can come if need be."""

    place: int
    votes: int
    maybe: int = 0


class SeatReason(StrEnum):
    """Why somebody has a seat."""

    QUOTA = "quota"  # reached the number of votes that is enough for a seat
    LEFT = "left"  # as many were left as there were seats
    VOTES = "votes"  # had the most votes of those who could still get a seat


class SeatWon(NamedTuple):
    """Who has a seat, since which round, with how many hundred-thousandths of a vote, and why.

    `kept`: without the quota of a group they would have gone out, or been passed over by others.
    """

    place: int
    round: int
    units: int
    why: SeatReason
    kept: bool = False


class SeatRound(NamedTuple):
    """One round of a count: who goes out or passes votes on, and what everybody has after it.

    `units`: hundred-thousandths of a vote by place; `lost`: those that are with nobody any more.
    """

    act: str
    place: int
    units: tuple[tuple[int, int], ...]
    lost: int
    lot: bool = False
    """Whether equal votes made the lot decide who it was."""


@dataclass(frozen=True, slots=True)
class SeatCount:
    """The count of an election, round by round. `needed`: the units that are enough for a seat."""

    won: tuple[SeatWon, ...]
    rounds: tuple[SeatRound, ...]
    needed: int = 0


@dataclass(frozen=True, slots=True)
class PollResult:
    """The result of a tally.

    `ranking`: groups of equal options, best first, if the kind makes one.
    """

    verdict: PollVerdict
    winners: tuple[int, ...] = ()
    rows: tuple[OptionRow, ...] = ()
    ranking: tuple[tuple[int, ...], ...] = ()
    why: Line | None = None
    count: SeatCount | None = None
    """How an election was counted."""

    def votes(self, place: int) -> int:
        """Return the votes (or points) of the option at this place, or 0."""
        return next((row.votes for row in self.rows if row.place == place), 0)


def make_ballot(values: Mapping[int, int]) -> Ballot:
    """Return the ballot that gives these values to the options at these places."""
    return tuple(sorted(values.items()))


def format_ballot(ballot: Ballot) -> str:
    """Return a ballot as the database stores it: `2:1 3:5`."""
    return " ".join(f"{place}:{value}" for place, value in ballot)


def parse_ballot(text: str) -> Ballot:
    """Return the ballot in a text that `format_ballot` wrote."""
    pairs = (pair.split(":") for pair in text.split())
    return tuple((int(place), int(value)) for place, value in pairs)


def sum_ballots(parts: Iterable[Part]) -> dict[Ballot, int]:
    """Return the different ballots with the sum of the weights of each. Ballots of weight 0 are
    left out."""
    profile: dict[Ballot, int] = {}
    for one, weight in parts:
        profile[one] = profile.get(one, 0) + weight
    return {one: weight for one, weight in profile.items() if weight}


def votes_by_place(profile: Profile, places: Iterable[int]) -> dict[int, int]:
    """Return for each option's place the weight of the ballots that name it, whatever the value."""
    found = dict.fromkeys(places, 0)
    for one, weight in profile.items():
        for place, _value in one:
            found[place] += weight
    return found


def points_by_place(profile: Profile, places: Iterable[int]) -> dict[int, int]:
    """Return for each option's place the sum of the values that it got, times their weight."""
    found = dict.fromkeys(places, 0)
    for one, weight in profile.items():
        for place, value in one:
            found[place] += weight * value
    return found


def result_rows(votes: Mapping[int, int]) -> tuple[OptionRow, ...]:
    """Return one row for each option of a result, in the order of their places."""
    return tuple(OptionRow(place, count) for place, count in sorted(votes.items()))


def top_places(votes: Mapping[int, int]) -> tuple[int, ...]:
    """Return the places of the options with the most votes, or none if nobody voted."""
    best = max(votes.values(), default=0)
    return tuple(place for place, n in sorted(votes.items()) if n == best) if best else ()


def seat_places(votes: Mapping[int, int], seats: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return two tuples of positions in the list of options: those who surely win one of the seats,
    and those who tie for the seats that are left. Who got no vote wins none."""
    having: tuple[int, ...] = ()
    left = {place: count for place, count in votes.items() if count}
    while left and len(having) < seats:
        best = top_places(left)
        if len(having) + len(best) > seats:
            return having, best
        having += best
        left = {place: count for place, count in left.items() if place not in best}
    return having, ()


def verdict_of_winners(winners: tuple[int, ...]) -> PollVerdict:
    """Return the verdict of a choice between options, given the places that won."""
    if not winners:
        return PollVerdict.NOBODY
    return PollVerdict.WON if len(winners) == 1 else PollVerdict.TIE
