"""What a rule of a room says on who may do something, and what of it can be followed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any

ALL = "*"
"""The rule of whatever has none of its own."""
MOST_MODERATORS = 10
LEAST_MAJORITY = Fraction(1, 2)
KINDS = ("majority", "consent", "consensus")


class How(StrEnum):
    ALONE = "alone"  # one moderator
    SEVERAL = "several"  # so many of them
    ROOM = "room"  # a decision of the members


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may do something. `majority` as people write it (`2/3`); `quorum` of a hundred."""

    how: How = How.ALONE
    count: int = 1
    kind: str = "majority"
    majority: str = ""
    quorum: int = 0
    days: int = 3

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "how": self.how.value}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Rule:
        return cls(**{**data, "how": How(data["how"])})

    @property
    def strictness(self) -> tuple[int, int, int, Fraction, int]:
        """How hard it is to do something under this rule, to compare two of them."""
        if self.how is not How.ROOM:
            return (0, self.count, 0, Fraction(0), 0)
        share = Fraction(self.majority) if self.majority else LEAST_MAJORITY
        return (1, 0, KINDS.index(self.kind), share, self.quorum)


USUAL = Rule()
MEMBERS = Rule(How.ROOM, quorum=20, days=7)
"""The rule where another one can't be followed, and of votes on what a moderator did."""
Rules = Mapping[str, Rule]


def chosen(rules: Rules, act: str, of: str = "", like: str = "") -> Rule:
    """The nearest rule: of this very thing, of the act, of the act it is like, of everything."""
    keys = [*([f"{act}:{of}"] if of else []), act, *([like] if like else []), ALL]
    return next((rules[key] for key in keys if key in rules), USUAL)


def stricter(one: Rule, other: Rule) -> Rule:
    """The harder of two; where they are as hard the first."""
    return other if other.strictness > one.strictness else one


def followable(rule: Rule, moderators: int, *, votes: bool) -> Rule:
    """What holds with so many moderators in the room; `votes`: the room can take decisions.

    Nothing is left to which nobody could agree: without moderators enough the members decide, and
    where nothing can be voted on, as many moderators as there are, up to two.
    """
    if rule.how is How.ROOM:
        return rule if votes else _together(min(2, moderators))
    if rule.count <= moderators:
        return rule
    return MEMBERS if votes else _together(moderators)


def _together(count: int) -> Rule:
    return Rule(How.SEVERAL, count) if count > 1 else USUAL


def second(rule: Rule) -> Rule:
    """The second call of a decision to which too few came: whoever comes then decides."""
    return replace(rule, quorum=0)
