"""The rules of a room, on who may do something, and which of them can be followed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any

ALL = "*"
"""The key of the rule for everything without one of its own."""
MOST_MODERATORS = 10
LEAST_MAJORITY = Fraction(1, 2)
KINDS = ("majority", "consent", "consensus")


class How(StrEnum):
    """Who has to agree to an act."""

    ALONE = "alone"  # one moderator
    SEVERAL = "several"  # several moderators
    ROOM = "room"  # a decision of the members


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may do something. `majority` is as people write it (`2/3`); `quorum` is in percent."""

    how: How = How.ALONE
    count: int = 1
    kind: str = "majority"
    majority: str = ""
    quorum: int = 0
    days: int = 3

    def as_json(self) -> dict[str, Any]:
        """Return the rule as a JSON object."""
        return {**asdict(self), "how": self.how.value}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Rule:
        """Return the rule of a JSON object."""
        return cls(**{**data, "how": How(data["how"])})

    @property
    def strictness(self) -> tuple[int, int, int, Fraction, int]:
        """How hard it is to do something under this rule. Compares two rules."""
        if self.how is not How.ROOM:
            return (0, self.count, 0, Fraction(0), 0)
        share = Fraction(self.majority) if self.majority else LEAST_MAJORITY
        return (1, 0, KINDS.index(self.kind), share, self.quorum)


USUAL = Rule()
MEMBERS = Rule(How.ROOM, quorum=20, days=7)
"""The rule if another one cannot be followed, and for votes on what a moderator did."""
Rules = Mapping[str, Rule]


def chosen(rules: Rules, act: str, of: str = "", like: str = "") -> Rule:
    """Return the most specific rule: of the very thing, the act, the act `like`, or everything."""
    keys = [*([f"{act}:{of}"] if of else []), act, *([like] if like else []), ALL]
    return next((rules[key] for key in keys if key in rules), USUAL)


def stricter(one: Rule, other: Rule) -> Rule:
    """Return the stricter of two rules, or the first if they are equal."""
    return other if other.strictness > one.strictness else one


def followable(rule: Rule, moderators: int, *, votes: bool) -> Rule:
    """Return the rule that applies with so many moderators.

    `votes`: the room can take decisions. An act must never be left to people who do not exist.
    Without enough moderators the members decide; where there are no votes, as many moderators as
    there are, up to two.
    """
    if rule.how is How.ROOM:
        return rule if votes else _together(min(2, moderators))
    if rule.count <= moderators:
        return rule
    return MEMBERS if votes else _together(moderators)


def _together(count: int) -> Rule:
    return Rule(How.SEVERAL, count) if count > 1 else USUAL


def second(rule: Rule) -> Rule:
    """Return the rule of a second vote after too few came: whoever votes then decides."""
    return replace(rule, quorum=0)
