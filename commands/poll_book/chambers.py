"""Majorities by chambers: a text passes where it passes in each of them. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.api import Line, _
from commands.decision_rules.ballots import PollQuestion, PollResult, PollVerdict, Profile
from commands.decision_rules.kinds.kind import DecisionKind
from commands.decision_rules.thresholds import Quorum


@dataclass(frozen=True, slots=True)
class ChamberVotes:
    """The votes of one chamber: `turnout` of its `size` voters, who have `weight` together."""

    name: str
    size: int
    weight: int
    turnout: int
    profile: Profile


def tally_chamber(
    kind: DecisionKind, question: PollQuestion, quorum: Quorum | None, one: ChamberVotes
) -> PollResult:
    """Return the result in one chamber (a group that must agree by itself), by the rule of the
    whole.

    A share of the roll is a share of the chamber's. So is a quorum; one that is a number of people
    is asked for in the whole alone.
    """
    own = replace(question, electorate=one.weight if question.electorate else 0)
    found = kind.tally(one.profile, own)
    if quorum is not None and quorum.share is not None and one.turnout < quorum.needed(one.size):
        return replace(found, verdict=PollVerdict.NO_QUORUM, winners=())
    return found


def combine_chambers(
    whole: PollResult, parts: Sequence[tuple[ChamberVotes, PollResult]]
) -> PollResult:
    """Return the result of a decision by chambers: approved if it is approved in each of them, else
    not.

    The counts of the whole stay, and decide nothing. Where nobody voted at all it stays so.
    """
    if whole.verdict is PollVerdict.NOBODY or not parts:
        return whole
    failed = tuple(one.name for one, found in parts if found.verdict is not PollVerdict.APPROVED)
    if failed:
        why: Line = _("It did not pass in: {names}.", names=failed)
        return replace(whole, verdict=PollVerdict.NOT_APPROVED, winners=(), why=why)
    winners = parts[0][1].winners
    return replace(whole, verdict=PollVerdict.APPROVED, winners=winners, why=None)
