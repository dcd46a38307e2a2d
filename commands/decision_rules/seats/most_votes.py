"""Seats by the most votes: each ballot names people, and counts one vote for each of them.

With quotas whoever has the most votes of those who can still be elected gets the next seat. Of
equal candidates the lot decides: their order on the ballot, which was drawn.
"""

from __future__ import annotations

from commands.decision_rules import ballots
from commands.decision_rules.ballots import (
    PollQuestion,
    Profile,
    SeatCount,
    SeatReason,
    SeatRound,
    SeatWon,
)
from commands.decision_rules.seats.quotas import SeatPlan
from commands.decision_rules.seats.stv import UNIT

PASSED, TAKEN = "passed", "taken"
"""What happens in a round: a quota passes somebody over, or a seat is taken."""


def count_most_votes(profile: Profile, question: PollQuestion) -> SeatCount:
    """Return who is elected. Each seat, and each one that is passed over, is a round."""
    plan = SeatPlan(question)
    votes = ballots.votes_by_place(profile, question.places)
    units = tuple((place, UNIT * votes[place]) for place in plan.standing)
    left = sorted(plan.standing, key=lambda place: (-votes[place], place))
    won: list[SeatWon] = []
    rounds: list[SeatRound] = []
    passed: list[int] = []
    while left and len(won) < plan.seats:
        place = left.pop(0)
        lot = bool(left) and votes[left[0]] == votes[place]
        elected = [one.place for one in won]
        if plan.is_bound and place in plan.barred(elected, [place, *left]):
            passed.append(place)
            rounds.append(SeatRound(PASSED, place, units, 0))
            continue
        kept = any(votes[one] >= votes[place] for one in passed)
        rounds.append(SeatRound(TAKEN, place, units, 0, lot))
        won.append(SeatWon(place, len(rounds), UNIT * votes[place], SeatReason.VOTES, kept))
    return SeatCount(tuple(won), tuple(rounds))
