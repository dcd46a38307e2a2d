"""What each option got as a part of the whole, for a table and for bars. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass

from bot.api import Line
from commands.decision_rules.ballots import PollVerdict
from commands.polls.outcome import PollOutcome


@dataclass(frozen=True, slots=True)
class OptionShare:
    """`votes` may be points; `part` is from 0 to 1. `percent` is empty where points are given.

    `maybe`: how many can come if need be, in a date poll.
    """

    label: Line
    votes: int
    maybe: int
    part: float
    percent: str
    won: bool


def option_shares(found: PollOutcome) -> list[OptionShare]:
    """Return the share of each option, in their order."""
    poll, result = found.poll, found.result
    labels = poll.kind.labels(poll.question)
    points = poll.rule.kind == "score"
    whole = max((row.votes for row in result.rows), default=0) if points else found.weight
    won = result.winners if found.verdict in (PollVerdict.WON, PollVerdict.APPROVED) else ()
    return [
        OptionShare(
            labels[row.place - 1],
            row.votes,
            row.maybe,
            row.votes / whole if whole else 0.0,
            "" if points or not whole else f"{round(100 * row.votes / whole)}%",
            row.place in won,
        )
        for row in result.rows
    ]
