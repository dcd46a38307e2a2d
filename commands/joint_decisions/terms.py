"""Terms of a joint decision, and the body of each word that networks say about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from bot.api import Count, Hash, Secret, StrictModel, canonical_json, hash_parts
from commands.decision_rules.ballots import FEWEST_VOTES
from commands.joint_decisions import pair_sums
from commands.joint_decisions.pair_sums import pair_keys
from commands.links.protocol.envelope import Key

Bits = Annotated[str, Field(pattern=r"^[0-9a-f]{0,1024}$")]
"""Some of the networks in the order of the terms: hexadecimal, the first is the lowest bit."""
MOST_NETWORKS = 1000
MOST_PEOPLE = 10**9
"""No network has more people, and the sum of all can still be counted."""
ABSOLUTE, SHARE = "absolute", r"[1-9][0-9]{0,6}/[1-9][0-9]{0,6}"
FOR, AGAINST, ABSTAIN, ASIDE, BLOCK = "for", "against", "abstain", "aside", "block"
MOST_OPTIONS, MOST_POINTS = 20, 100
MOST_INTRODUCERS, MOST_GROUPS = 5, 60
"""Introducers that are named for one network, and sets of them in one message."""
Option = Annotated[str, Field(min_length=1, max_length=240)]


def omitted_if(value: object) -> Any:
    """Return a model's field that is left out of the JSON where it has this value.

    Fields that were added later thus leave the bytes and the hash of older terms as they were.
    """
    return Field(exclude_if=lambda given: given == value)


def lowest_terms(part: Fraction) -> str:
    """Return a share as a fraction in its lowest terms, the only valid form."""
    return f"{part.numerator}/{part.denominator}"


class TermsNetwork(StrictModel):
    """A network in the terms: its key, and its name for the others."""

    key: Key
    name: Annotated[str, Field(min_length=1, max_length=100)]


class JointTerms(StrictModel):
    """What is the same for all: text, rule, count and dates. Times are seconds since 1970, UTC.

    Without options the question is for or against. `count`: all votes together (`sum`), or one vote
    for each network by its own outcome (`networks`). `share`: the part of for and against, per
    mille, that must be exceeded (`500`) or reached (`667`). Among options the most votes win, equal
    at the top is a tie. `method`: each person chooses up to `most` options, gives each up to
    `points` (`score`), shares out `points` (`dots`), or puts the options in order (`ranked`).

    `majority`: a share exactly, since per mille can't express `2/3`; or `absolute`, more than half
    of all possible votes. `quorum`: the share of all who may vote, or the number of people, that
    must have voted: of all together, or in each network where each has one vote.

    `rule`: by consent, one block in any network stops it. With consent and with an order of
    preference no sums leave a network of which fewer than `fewest` people voted.
    """

    type: Literal["minga.joint"] = "minga.joint"
    v: Literal[1] = 1
    id: Secret
    proposer: Key
    title: Annotated[str, Field(min_length=1, max_length=500)]
    about: Annotated[str, Field(max_length=4000)] = ""
    options: Annotated[tuple[Option, ...], Field(max_length=MOST_OPTIONS)] = ()
    method: Annotated[Literal["choice", "score", "dots", "ranked"], omitted_if("choice")] = "choice"
    rule: Annotated[Literal["majority", "consent"], omitted_if("majority")] = "majority"
    fewest: Annotated[Count, omitted_if(0)] = 0
    most: Annotated[Count, Field(ge=1), omitted_if(1)] = 1
    points: Annotated[Count, Field(le=MOST_POINTS), omitted_if(0)] = 0
    count: Literal["sum", "networks"]
    share: Annotated[Count, Field(ge=500, le=1000)] = 500
    majority: Annotated[str, Field(pattern=rf"^(?:{ABSOLUTE}|{SHARE})?$"), omitted_if("")] = ""
    quorum: Annotated[str, Field(pattern=rf"^(?:[1-9][0-9]{{0,6}}|{SHARE})?$"), omitted_if("")] = ""
    least: Annotated[Count, Field(ge=1)] = 1
    """How many networks must have a result for anything to be decided."""
    answer_by: Count
    closes: Count
    commit_by: Count
    reveal_by: Count
    networks: Annotated[tuple[TermsNetwork, ...], Field(min_length=2, max_length=MOST_NETWORKS)]
    """The networks that are asked, with the proposer, in the order of their keys."""

    @model_validator(mode="after")
    def _sound(self) -> JointTerms:
        if not self.answer_by < self.closes < self.commit_by < self.reveal_by:
            raise ValueError("the dates are not one after the other")
        keys = [one.key for one in self.networks]
        if keys != sorted(set(keys)) or self.proposer not in keys:
            raise ValueError("not each network once, in order, with the proposer")
        if len(set(self.options)) != len(self.options) or len(self.options) == 1:
            raise ValueError("options are several, and each another one")
        scored = self.method in ("score", "dots")
        if scored != (self.points > 0) or self.most > (1 if scored else max(1, len(self.options))):
            raise ValueError("no way to vote")
        if (self.method != "choice" and not self.options) or (self.options and self.share != 500):
            raise ValueError("one rule for options, another for a proposal")
        if (self.majority or self.quorum) and (self.options or self.share != 500):
            raise ValueError("one rule for options, another for a proposal")
        self._require_sound_sums()
        for text in (self.majority, self.quorum):
            if "/" in text and (Fraction(text) > 1 or text != lowest_terms(Fraction(text))):
                raise ValueError("no share in its lowest terms")
        return self

    def _require_sound_sums(self) -> None:
        """Check the rules under which few votes stay at home."""
        ordered, consent = self.method == "ranked", self.rule == "consent"
        if (ordered or consent) != (self.fewest > 0) or 0 < self.fewest < FEWEST_VOTES:
            raise ValueError("sums of few votes would leave a network")
        if self.fewest and self.count != "sum":
            raise ValueError("no vote for each network by this rule")
        if (ordered and self.most > 1) or (
            consent and (self.options or self.majority or self.share != 500)
        ):
            raise ValueError("two rules at once")

    @cached_property
    def hash(self) -> str:
        """The hash by which every statement names these terms."""
        return hash_parts("minga-joint-terms-1", canonical_json(self.model_dump()).decode())

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The signing keys of the networks that are asked to decide, the proposer's among them, in
        ascending order."""
        return tuple(one.key for one in self.networks)

    @property
    def over_by(self) -> int:
        """The Unix time after which no network waits any more for what others saw: as long after
        `reveal_by` as that is after `commit_by`."""
        return 2 * self.reveal_by - self.commit_by

    @property
    def choices(self) -> tuple[str, ...]:
        """The keys of the choices: options by their place, or stances."""
        if self.options:
            return tuple(str(place) for place in range(1, len(self.options) + 1))
        stances = FOR, AGAINST, ABSTAIN
        return (*stances, ASIDE, BLOCK) if self.rule == "consent" else stances

    @property
    def count_keys(self) -> tuple[str, ...]:
        """The keys of a result's counts: choices, or pairs of them where people put them in
        order."""
        return pair_keys(len(self.options)) if self.method == "ranked" else self.choices

    @property
    def most_points(self) -> tuple[int, int]:
        """The most that one person can give to one option, and to all together."""
        if self.method == "choice":
            return 1, self.most
        return self.points, self.points * (len(self.options) if self.method == "score" else 1)


class NetworkResult(StrictModel):
    """What one network counted at home: totals only.

    `weight`: the votes of its whole roll, equal to `roll` where each person has one. `outcome`:
    what the network stands for by its own rule; empty for nothing. `withheld`: 1 where so few
    voted that sums would tell how, and none are given.
    """

    terms: Hash
    network: Key
    roll: Count
    weight: Count
    turnout: Count
    counts: dict[str, Count]
    outcome: Annotated[str, Field(max_length=10)]
    withheld: Annotated[Count, Field(le=1), omitted_if(0)] = 0

    def is_possible(self, terms: JointTerms) -> bool:
        """Return whether these numbers are possible for the terms."""
        if terms.fewest or self.withheld:
            return self._is_possible_of_many(terms)
        known = set(self.counts) <= set(terms.choices)
        stands = not self.outcome or self.outcome in terms.choices
        small = max(self.weight, self.roll) <= MOST_PEOPLE
        ours = self.terms == terms.hash and self.turnout <= self.roll
        adds_up = self._between(terms) if terms.options else self._for_or_against(terms)
        return ours and known and stands and small and adds_up

    def tells_votes(self, terms: JointTerms) -> bool:
        """Return whether the result gives sums of fewer people's votes than the terms allow."""
        return not self.withheld and self.turnout < terms.fewest

    def _is_possible_of_many(self, terms: JointTerms) -> bool:
        """Check sums that are given only of enough people, each with one vote."""
        ours = self.terms == terms.hash and self.turnout <= self.roll == self.weight
        if not ours or self.roll > MOST_PEOPLE or self.outcome or not terms.fewest:
            return False
        if self.withheld:
            return not self.turnout and not self.counts
        if terms.method == "ranked":
            return pair_sums.are_possible(self.counts, len(terms.options), self.turnout)
        fits = set(self.counts) == set(terms.choices)
        return fits and sum(self.counts.values()) <= self.turnout

    def _for_or_against(self, terms: JointTerms) -> bool:
        """Check for and against: not too many, and the outcome follows from the votes."""
        people = self.turnout if self.weight == self.roll else self.weight
        votes = self.counts.values()
        within = sum(votes) <= people and max(votes, default=0) <= self.weight
        yes, no = self.counts.get(FOR, 0), self.counts.get(AGAINST, 0)
        part = Fraction(terms.majority) if "/" in terms.majority else Fraction(0)
        carried = yes > 0 and (yes >= part * (yes + no) if part else yes > no)
        return within and (terms.count == "sum" or self.outcome != FOR or carried)

    def _between(self, terms: JointTerms) -> bool:
        """Check options: each has its number, not too many, and the outcome leads."""
        each, together = terms.most_points
        people = self.turnout if self.weight == self.roll else self.weight * bool(self.turnout)
        votes = self.counts.values()
        within = max(votes, default=0) <= people * each and sum(votes) <= people * together
        stands = not self.outcome or self.leaders == [self.outcome]
        return set(self.counts) == set(terms.choices) and within and stands

    @property
    def leaders(self) -> list[str]:
        """The choices with the most votes: several for a tie, none without votes."""
        return leading_choices(self.counts)


class TermsAnswer(StrictModel):
    """Body of `sign`: whether this network takes part on these terms."""

    terms: Hash
    answer: Literal["yes", "no"]
    unknown: Annotated[Bits, omitted_if("")] = ""
    """With a no: the other networks that it is not linked with and could not hear."""


class IntroducedGroup(StrictModel):
    """Networks (`who`) that were accepted on the word of the same others, by their keys."""

    by: Annotated[tuple[Key, ...], Field(min_length=1, max_length=MOST_INTRODUCERS)]
    who: Bits


class IntroducedNetworks(StrictModel):
    """Body of `introduced`: whose codes this network did not compare, as it agreed to the terms.

    Beyond `MOST_GROUPS` they are left out, as one message can't name them all.
    """

    terms: Hash
    introduced: Annotated[tuple[IntroducedGroup, ...], Field(min_length=1, max_length=MOST_GROUPS)]


class Opening(StrictModel):
    """Body of `open`: who takes part, of those asked: all who had signed by then."""

    terms: Hash
    part: Bits


class Quit(StrictModel):
    """Body of `quit`: the network called off its own vote, and nobody waits for its result."""

    terms: Hash


class Commitment(StrictModel):
    """Body of `commit`: the digest of the network's result."""

    terms: Hash
    sealed: Hash


class Reveal(StrictModel):
    """Body of `reveal`: the result. `commits`: whose commitments this network had in time."""

    result: NetworkResult
    nonce: Secret
    commits: Bits


class SeenReveals(StrictModel):
    """Body of `seen`: whose reveals this network had in time."""

    terms: Hash
    reveals: Bits


class Final(StrictModel):
    """Body of `final`: the hash of the statement that the network worked out."""

    terms: Hash
    statement: Hash


def leading_choices(counts: Mapping[str, int]) -> list[str]:
    """Return the choices with the most votes; none if there are no votes."""
    most = max(counts.values(), default=0)
    return [choice for choice, votes in counts.items() if votes == most > 0]


def seal_result(result: NetworkResult, nonce: str) -> str:
    """Return the commitment to a network's result: it does not show the result, nor allow
    another."""
    return hash_parts("minga-joint-result-1", result.to_json(), nonce)


def encode_bits(order: Sequence[str], which: Iterable[str]) -> str:
    """Return which keys of `order` are in `which`, as `Bits`."""
    chosen = set(which)
    return f"{sum(1 << place for place, key in enumerate(order) if key in chosen):x}"


def decode_bits(order: Sequence[str], text: str) -> frozenset[str]:
    """Return the keys that the bits stand for; bits beyond the order stand for nobody."""
    number = int(text or "0", 16)
    return frozenset(key for place, key in enumerate(order) if number >> place & 1)
