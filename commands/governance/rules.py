"""The rules of a room, on who may do something, and which of them can be followed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any

ALL = "*"
"""The key of the rule for everything without one of its own."""
MOST_MODERATORS = 10
LEAST_MAJORITY = Fraction(1, 2)
KINDS = ("majority", "consent", "consensus")


class DecisionMode(StrEnum):
    """Who has to agree to an act."""

    ALONE = "alone"  # one moderator
    SEVERAL = "several"  # several moderators
    ROOM = "room"  # a decision of the members


@dataclass(frozen=True, slots=True)
class GovernanceRule:
    """Who may do something. `majority` is as people write it (`2/3`); `quorum` is in percent."""

    how: DecisionMode = DecisionMode.ALONE
    count: int = 1
    kind: str = "majority"
    majority: str = ""
    quorum: int = 0
    days: int = 3

    def as_json(self) -> dict[str, Any]:
        """Return the rule as a JSON object."""
        return {**asdict(self), "how": self.how.value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> GovernanceRule:
        """Return the rule of who decides about an act that was stored as this JSON object."""
        return cls(**{**data, "how": DecisionMode(data["how"])})

    @property
    def strictness(self) -> tuple[int, int, int, Fraction, int]:
        """How hard it is to do something under this rule, to compare two rules."""
        if self.how is not DecisionMode.ROOM:
            return (0, self.count, 0, Fraction(0), 0)
        share = Fraction(self.majority) if self.majority else LEAST_MAJORITY
        return (1, 0, KINDS.index(self.kind), share, self.quorum)


USUAL_RULE = GovernanceRule()
MEMBERS_RULE = GovernanceRule(DecisionMode.ROOM, quorum=20, days=7)
"""The rule if another one cannot be followed, and for votes on what a moderator did."""
RulesByKey = Mapping[str, GovernanceRule]


def most_specific_rule(
    rules: RulesByKey, act: str, of: str = "", likes: Sequence[str] = ()
) -> GovernanceRule:
    """Return the rule that fits best: of the very thing, the act, the first of the acts `likes`, or
    everything."""
    keys = [*([f"{act}:{of}"] if of else []), act, *likes, ALL]
    return next((rules[key] for key in keys if key in rules), USUAL_RULE)


def stricter_rule(one: GovernanceRule, other: GovernanceRule) -> GovernanceRule:
    """Return the one of two rules under which acting is harder, or the first if they are equal."""
    return other if other.strictness > one.strictness else one


def followable_rule(rule: GovernanceRule, moderators: int, *, votes: bool) -> GovernanceRule:
    """Return the rule that applies in a room with so many moderators.

    `votes`: the room can take decisions. An act must never be left to people who do not exist.
    Without enough moderators the members decide; where there are no votes, as many moderators as
    there are, up to two.
    """
    if rule.how is DecisionMode.ROOM:
        return rule if votes else _several_moderators(min(2, moderators))
    if rule.count <= moderators:
        return rule
    return MEMBERS_RULE if votes else _several_moderators(moderators)


def _several_moderators(count: int) -> GovernanceRule:
    return GovernanceRule(DecisionMode.SEVERAL, count) if count > 1 else USUAL_RULE


def second_vote_rule(rule: GovernanceRule) -> GovernanceRule:
    """Return the rule for a second vote after too few took part in the first: it needs no
    quorum."""
    return replace(rule, quorum=0)
