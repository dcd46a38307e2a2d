"""What a poll is: its options, its rule, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from bot.api import Number
from commands.decision_rules.ballots import PollQuestion, PollVerdict
from commands.decision_rules.kinds import KINDS
from commands.decision_rules.kinds.kind import DecisionKind
from commands.decision_rules.seat_quotas import parse_quotas
from commands.decision_rules.thresholds import Quorum
from commands.decision_rules.vote_rules import (
    MOST_OPTIONS,
    are_labels,
    strip_poll_number,
    vote_readings,
)

SHOW_OF_HANDS = "hands"
"""The method of a choice that only takes the temperature of a room, and decides nothing."""


class Electorate(StrEnum):
    """Who may vote: everybody in the room at the opening, its organisations, or a list."""

    HERE = "here"
    ORGANISATIONS = "organisations"
    NAMED = "named"


@dataclass(frozen=True, slots=True)
class Option:
    """One option. `at` is the date that it stands for in a date poll."""

    label: str
    at: datetime | None = None
    withdrawn: bool = False
    """Of an election: whether the candidate cannot be elected any more."""


@dataclass(frozen=True, slots=True)
class PollRule:
    """How a poll is decided. `PollQuestion` and `DecisionKind` explain the fields."""

    kind: str = "choice"
    method: str = ""
    points: int = 0
    most: int = 1
    threshold: Fraction | None = None
    quorum: Quorum | None = None
    interim: bool = True
    growing: bool = False
    secret: bool = False
    voters: Electorate = Electorate.HERE
    absolute: bool = False
    """Whether more than half of the whole roll is needed."""
    seats: int = 0
    """Of an election: how many are elected."""
    quotas: str = ""
    """Of an election: which groups have a share of the seats, as `format_quotas` writes it."""


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll. `turnout` of its `roll` voters have voted so far; `weight` is that of the roll.

    `picked`: the place of the date that was chosen in the end.
    """

    number: Number
    title: str
    rule: PollRule
    options: tuple[Option, ...]
    roll: int
    turnout: int
    closes: datetime | None
    ended: datetime | None
    cancelled: bool
    final: bool
    verdict: PollVerdict | None
    weight: int = 0
    picked: int | None = None
    translated: Mapping[str, datetime] = field(default_factory=dict)
    """When it was put into languages that were not there at the opening."""

    @property
    def kind(self) -> DecisionKind:
        """The kind of decision."""
        return KINDS[self.rule.kind]

    @property
    def question(self) -> PollQuestion:
        """The question in the form in which its kind tallies it."""
        rule = self.rule
        labels = tuple(option.label for option in self.options)
        return PollQuestion(
            self.number,
            labels,
            self.title,
            rule.most,
            rule.threshold,
            rule.method,
            rule.points,
            self.weight if rule.absolute else 0,
            rule.seats or (rule.most if rule.kind == "choice" and rule.most < len(labels) else 1),
            parse_quotas(rule.quotas),
            frozenset(at for at, one in enumerate(self.options, start=1) if one.withdrawn),
        )

    @property
    def is_show_of_hands(self) -> bool:
        """Whether the poll decides nothing and only shows the mood of the room."""
        return self.rule.method == SHOW_OF_HANDS

    @property
    def places(self) -> int:
        """How many options or stances the poll has."""
        return len(self.kind.stances or self.options)

    @property
    def has_native_poll(self) -> bool:
        """Whether a native poll stands beside the message. Apps show twenty answers at most
        (MSC3381)."""
        return not self.rule.secret and self.places <= MOST_OPTIONS

    @property
    def needed(self) -> int:
        """How many voters the quorum asks for; 0 without a quorum."""
        return self.rule.quorum.needed(self.roll) if self.rule.quorum else 0

    @property
    def taps(self) -> int:
        """How many answers of the native poll one person can choose."""
        several = {"choice": self.rule.most, "score": self.places, "dates": self.places}
        several["budget"] = self.places
        several["seats"] = self.rule.most
        return several.get(self.rule.kind, 1)

    @property
    def takes(self) -> int:
        """How many numbers a typed vote can hold at most."""
        several = {"choice": self.rule.most, "majority": 1, "consent": 1, "consensus": 1}
        several["seats"] = self.rule.most
        return several.get(self.rule.kind, 2 * self.places)

    def has_options(self, text: str) -> bool:
        """Return whether a vote is the words of options here, so that a number that begins it is
        theirs: `2 de mayo`, `voto por la reunión 2`."""
        labels = [option.label for option in self.options]
        return any(are_labels(said, labels) for said in vote_readings(text))

    def strip_number(self, text: str) -> str:
        """Return a reply without the poll's own number, if it begins with that."""
        if self.has_options(text):
            return text
        return strip_poll_number(text, self.number, self.takes, self.places)

    def over(self, at: datetime) -> bool:
        """Return whether a vote sent at `at` (UTC) is too late.

        Compares with the time of the end, so that a vote sent earlier and read after the end is
        still in time. A vote at the very instant of an end that has been carried out is too late.
        """
        if self.cancelled:
            return True
        if self.ended is not None:
            return at >= self.ended
        return self.closes is not None and at > self.closes
