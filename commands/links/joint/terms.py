"""What networks agree on before they decide together, and what each of them says on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from bot.api import Count, Hash, Secret, Table, canonical, digest
from commands.links.envelope import Key

Bits = Annotated[str, Field(pattern=r"^[0-9a-f]{0,1024}$")]
"""Which of the networks, in the order of the terms: hexadecimal, the first is the lowest bit."""
MOST_NETWORKS = 1000
MOST_PEOPLE = 10**9
"""No network has more, and what all have together can still be counted."""
ABSOLUTE, SHARE = "absolute", r"[1-9][0-9]{0,6}/[1-9][0-9]{0,6}"
FOR, AGAINST, ABSTAIN = "for", "against", "abstain"
MOST_OPTIONS, MOST_POINTS = 20, 100
Option = Annotated[str, Field(min_length=1, max_length=240)]


def usual(value: object) -> Any:
    """What came later than the first decisions is not written where it is as it was for them.

    So what networks signed then has the same bytes, and the same hash.
    """
    return Field(exclude_if=lambda given: given == value)


def written(part: Fraction) -> str:
    """A share in its lowest terms: there is one way to write it."""
    return f"{part.numerator}/{part.denominator}"


class Member(Table):
    """A network as the others know it."""

    key: Key
    name: Annotated[str, Field(min_length=1, max_length=100)]


class Terms(Table):
    """The same words, rule, count and dates for all. Times are seconds since 1970, UTC.

    Without options the question is for or against. `count`: all votes together, or each network
    one vote by its own outcome. `share`: of for and against, per mille, there must be more than
    this for it (`500`), or at least this (`667`). Between options the most win, equal at the top
    is a tie. `method`: each person chooses up to `most` options, gives each up to `points`
    (`score`), or has so many `points` to share out (`dots`).

    `majority`: the same exactly, since per mille hold no `2/3`; or `absolute`, more than half of
    all that could be voted. `quorum`: such a share of all who may vote, or so many people, must
    have voted: of all together, or where each network has one vote, in each.
    """

    type: Literal["minga.joint"] = "minga.joint"
    v: Literal[1] = 1
    id: Secret
    proposer: Key
    title: Annotated[str, Field(min_length=1, max_length=500)]
    about: Annotated[str, Field(max_length=4000)] = ""
    options: Annotated[tuple[Option, ...], Field(max_length=MOST_OPTIONS)] = ()
    method: Annotated[Literal["choice", "score", "dots"], usual("choice")] = "choice"
    most: Annotated[Count, Field(ge=1), usual(1)] = 1
    points: Annotated[Count, Field(le=MOST_POINTS), usual(0)] = 0
    count: Literal["sum", "networks"]
    share: Annotated[Count, Field(ge=500, le=1000)] = 500
    majority: Annotated[str, Field(pattern=rf"^(?:{ABSOLUTE}|{SHARE})?$"), usual("")] = ""
    quorum: Annotated[str, Field(pattern=rf"^(?:[1-9][0-9]{{0,6}}|{SHARE})?$"), usual("")] = ""
    least: Annotated[Count, Field(ge=1)] = 1
    """So many networks must have a result, else nothing is decided."""
    answer_by: Count
    closes: Count
    commit_by: Count
    reveal_by: Count
    networks: Annotated[tuple[Member, ...], Field(min_length=2, max_length=MOST_NETWORKS)]
    """Those asked, the proposer among them, in the order of their keys."""

    @model_validator(mode="after")
    def _sound(self) -> Terms:
        if not self.answer_by < self.closes < self.commit_by < self.reveal_by:
            raise ValueError("the dates are not one after the other")
        keys = [one.key for one in self.networks]
        if keys != sorted(set(keys)) or self.proposer not in keys:
            raise ValueError("not each network once, in order, with the proposer")
        if len(set(self.options)) != len(self.options) or len(self.options) == 1:
            raise ValueError("options are several, and each another one")
        scored = self.method != "choice"
        if scored != (self.points > 0) or self.most > (1 if scored else max(1, len(self.options))):
            raise ValueError("no way to vote")
        if (scored and not self.options) or (self.options and self.share != 500):
            raise ValueError("one rule for options, another for a proposal")
        if (self.majority or self.quorum) and (self.options or self.share != 500):
            raise ValueError("one rule for options, another for a proposal")
        for text in (self.majority, self.quorum):
            if "/" in text and (Fraction(text) > 1 or text != written(Fraction(text))):
                raise ValueError("no share in its lowest terms")
        return self

    @cached_property
    def hash(self) -> str:
        return digest("minga-joint-terms-1", canonical(self.model_dump()).decode())

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return tuple(one.key for one in self.networks)

    @property
    def over_by(self) -> int:
        """Then nobody waits any more for what the others saw: as long again as for the results."""
        return 2 * self.reveal_by - self.commit_by

    @property
    def choices(self) -> tuple[str, ...]:
        """How a choice is written in a count."""
        if self.options:
            return tuple(str(place) for place in range(1, len(self.options) + 1))
        return FOR, AGAINST, ABSTAIN

    @property
    def gives(self) -> tuple[int, int]:
        """How much one person can give to one option at most, and to all together."""
        if self.method == "choice":
            return 1, self.most
        return self.points, self.points * (len(self.options) if self.method == "score" else 1)


class Result(Table):
    """What one network counted at home: totals alone.

    `weight`: what all of its roll weigh together, the same as `roll` where each has one vote.
    `outcome`: what the network stands for by its own rule; empty: for nothing.
    """

    terms: Hash
    network: Key
    roll: Count
    weight: Count
    turnout: Count
    counts: dict[str, Count]
    outcome: Annotated[str, Field(max_length=10)]

    def fits(self, terms: Terms) -> bool:
        """Can these numbers be true?"""
        known = set(self.counts) <= set(terms.choices)
        stands = not self.outcome or self.outcome in terms.choices
        small = max(self.weight, self.roll) <= MOST_PEOPLE
        ours = self.terms == terms.hash and self.turnout <= self.roll
        adds_up = self._between(terms) if terms.options else self._for_or_against(terms)
        return ours and known and stands and small and adds_up

    def _for_or_against(self, terms: Terms) -> bool:
        """No more than there was; and where it has one vote, that is for only if its people are."""
        people = self.turnout if self.weight == self.roll else self.weight
        votes = self.counts.values()
        within = sum(votes) <= people and max(votes, default=0) <= self.weight
        yes, no = self.counts.get(FOR, 0), self.counts.get(AGAINST, 0)
        part = Fraction(terms.majority) if "/" in terms.majority else Fraction(0)
        carried = yes > 0 and (yes >= part * (yes + no) if part else yes > no)
        return within and (terms.count == "sum" or self.outcome != FOR or carried)

    def _between(self, terms: Terms) -> bool:
        """Each option has its number, no more was given than there was, the winner has most."""
        each, together = terms.gives
        people = self.turnout if self.weight == self.roll else self.weight * bool(self.turnout)
        votes = self.counts.values()
        within = max(votes, default=0) <= people * each and sum(votes) <= people * together
        stands = not self.outcome or self.leading == [self.outcome]
        return set(self.counts) == set(terms.choices) and within and stands

    @property
    def leading(self) -> list[str]:
        """What has the most; several where that is a tie, none where nobody voted."""
        return leading(self.counts)


class Answer(Table):
    """`sign`: this network takes part on these terms, or does not."""

    terms: Hash
    answer: Literal["yes", "no"]
    unknown: Annotated[Bits, usual("")] = ""
    """With a no: these of the others it is not linked with, so it could not hear them."""


class Opening(Table):
    """`open`: who takes part: of those asked, all who had signed when the proposer said it."""

    terms: Hash
    part: Bits


class Quit(Table):
    """`quit`: the network called its own vote off: it has no result, and nobody waits for one."""

    terms: Hash


class Commitment(Table):
    """`commit`: what the network's result is, sealed."""

    terms: Hash
    sealed: Hash


class Reveal(Table):
    """`reveal`: the result; `commits`: whose commitments this network had in time."""

    result: Result
    nonce: Secret
    commits: Bits


class Seen(Table):
    """`seen`: whose reveals this network had in time."""

    terms: Hash
    reveals: Bits


class Final(Table):
    """`final`: the network worked out this statement."""

    terms: Hash
    statement: Hash


def leading(counts: Mapping[str, int]) -> list[str]:
    """The choices with the most; none if nobody chose any."""
    most = max(counts.values(), default=0)
    return [choice for choice, votes in counts.items() if votes == most > 0]


def sealed(result: Result, nonce: str) -> str:
    """The commitment: nobody reads the result in it, nobody changes it later."""
    return digest("minga-joint-result-1", result.text(), nonce)


def bits(order: Sequence[str], which: Iterable[str]) -> str:
    """Which of `order` are in `which`."""
    chosen = set(which)
    return f"{sum(1 << place for place, key in enumerate(order) if key in chosen):x}"


def chosen(order: Sequence[str], text: str) -> frozenset[str]:
    """The keys that the bits stand for; what is beyond the order stands for nobody."""
    number = int(text or "0", 16)
    return frozenset(key for place, key in enumerate(order) if number >> place & 1)
