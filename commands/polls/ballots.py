"""What is asked, what is voted, what comes out: the values that all kinds of decisions share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from bot.api import Line, Number

Ballot = tuple[tuple[int, int], ...]
"""Pairs (place of an option, value), by place. What a value means is the kind's: 1, points, a rank.

`()` is a blank ballot: a vote that was withdrawn.
"""
Part = tuple[Ballot, int]
"""A whole ballot and the weight behind it; a split mandate has several."""
Profile = Mapping[Ballot, int]
"""How much weight stands behind each different ballot. A tally needs nothing else."""

BLANK: Ballot = ()
SHORT = 80


class Verdict(StrEnum):
    WON = "won"
    TIE = "tie"
    APPROVED = "approved"
    NOT_APPROVED = "not approved"
    NOBODY = "nobody"
    NO_QUORUM = "no quorum"
    TOO_FEW = "too few"  # voted in secret: any result would tell how


@dataclass(frozen=True, slots=True)
class Question:
    """What is decided, and by which rule.

    `most`: how many options one person may choose. `threshold`: the share of for among for and
    against; None: more for than against. `method`: the kind's own choice of rule. `points`: the
    most points for one option; with dots, what one person has to give away. `electorate`: the
    weight of the whole roll where more than half of it must be reached; else 0.
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
    """How many options can win: as many as one person may choose, where there are more of them."""

    @property
    def bound(self) -> bool:
        """Must a share be reached, of the votes or of the roll?"""
        return self.threshold is not None or self.electorate > 0

    def reached(self, votes: int, cast: int) -> bool:
        """Are `votes` of `cast` as many as the rule asks for?"""
        if self.electorate:
            return 2 * votes > self.electorate
        return votes > 0 and Fraction(votes, cast) >= (self.threshold or 0)

    @property
    def name(self) -> str:
        """The title as it is named again later."""
        return self.title if len(self.title) <= SHORT else self.title[: SHORT - 1] + "…"

    @property
    def places(self) -> range:
        return range(1, len(self.labels) + 1)

    def label(self, place: int) -> str:
        return self.labels[place - 1]


class Row(NamedTuple):
    """What one option got: votes or points, and in a date poll how many can come if need be."""

    place: int
    votes: int
    maybe: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What came out. `ranking`: groups of equal options, best first, where the kind makes one."""

    verdict: Verdict
    winners: tuple[int, ...] = ()
    rows: tuple[Row, ...] = ()
    ranking: tuple[tuple[int, ...], ...] = ()
    why: Line | None = None

    def votes(self, place: int) -> int:
        return next((row.votes for row in self.rows if row.place == place), 0)


def ballot(values: Mapping[int, int]) -> Ballot:
    return tuple(sorted(values.items()))


def written(ballot: Ballot) -> str:
    """A ballot as the database keeps it: `2:1 3:5`."""
    return " ".join(f"{place}:{value}" for place, value in ballot)


def read(text: str) -> Ballot:
    """What `written` wrote."""
    pairs = (pair.split(":") for pair in text.split())
    return tuple((int(place), int(value)) for place, value in pairs)


def gather(parts: Iterable[Part]) -> dict[Ballot, int]:
    """The profile of many votes: the weights of equal ballots together, nothing of weight 0."""
    profile: dict[Ballot, int] = {}
    for one, weight in parts:
        profile[one] = profile.get(one, 0) + weight
    return {one: weight for one, weight in profile.items() if weight}


def change(profile: Profile, before: Iterable[Part], after: Iterable[Part]) -> dict[Ballot, int]:
    """The profile after one voter changed their mind: takes as long for many votes as for few."""
    return gather([*profile.items(), *((b, -weight) for b, weight in before), *after])


def votes(profile: Profile, places: Iterable[int]) -> dict[int, int]:
    """Weight of the ballots that name each place, whatever the value."""
    found = dict.fromkeys(places, 0)
    for one, weight in profile.items():
        for place, _value in one:
            found[place] += weight
    return found


def points(profile: Profile, places: Iterable[int]) -> dict[int, int]:
    """The values that each place got, times the weight behind them."""
    found = dict.fromkeys(places, 0)
    for one, weight in profile.items():
        for place, value in one:
            found[place] += weight * value
    return found


def rows(votes: Mapping[int, int]) -> tuple[Row, ...]:
    return tuple(Row(place, count) for place, count in sorted(votes.items()))


def first(votes: Mapping[int, int]) -> tuple[int, ...]:
    """The places with the most votes; none if nobody voted."""
    best = max(votes.values(), default=0)
    return tuple(place for place, n in sorted(votes.items()) if n == best) if best else ()


def seated(votes: Mapping[int, int], seats: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Which places surely have a seat, and which are equal where not all of them can have one."""
    having: tuple[int, ...] = ()
    left = {place: count for place, count in votes.items() if count}
    while left and len(having) < seats:
        best = first(left)
        if len(having) + len(best) > seats:
            return having, best
        having += best
        left = {place: count for place, count in left.items() if place not in best}
    return having, ()


def between(winners: tuple[int, ...]) -> Verdict:
    """What it means, between options, that these are the best."""
    if not winners:
        return Verdict.NOBODY
    return Verdict.WON if len(winners) == 1 else Verdict.TIE
