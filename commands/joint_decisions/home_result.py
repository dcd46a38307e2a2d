"""What leaves a network of its own vote, and when: totals, or of too few votes nothing. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.api import Tally
from commands.joint_decisions.terms import JointTerms, NetworkResult

SEALED_AFTER = timedelta(minutes=10)
"""Counts are sealed so long after the end: votes sent in time may be read late (decision 0075)."""


def wait_for_late_votes(terms: JointTerms) -> timedelta:
    """Return how long after its end our own vote is counted: `SEALED_AFTER`, but no more than half
    of the time in which the others have to hear of it."""
    return min(SEALED_AFTER, timedelta(seconds=(terms.commit_by - terms.closes) // 2))


def sealing_time(terms: JointTerms) -> datetime:
    """Return when our own counts are sealed (UTC)."""
    return datetime.fromtimestamp(terms.closes, UTC) + wait_for_late_votes(terms)


def result_to_seal(terms: JointTerms, network: str, found: Tally) -> NetworkResult:
    """Return the result of our network's vote as it is told to the others.

    Where the terms ask for a least number of people, as many must have cast a vote with their own
    hands, each for one: else a sum would tell how somebody voted. What is withheld looks the same
    whatever was voted.
    """
    # An assembly can count more people than the roll: who voted could vote.
    roll = max(found.roll, found.turnout)
    weight = found.weight + roll - found.roll
    if terms.fewest and (found.people < terms.fewest or weight != roll):
        return NetworkResult(
            terms=terms.hash,
            network=network,
            roll=found.roll,
            weight=found.roll,
            turnout=0,
            counts={},
            outcome="",
            withheld=1,
        )
    return NetworkResult(
        terms=terms.hash,
        network=network,
        roll=roll,
        weight=weight,
        turnout=found.turnout,
        counts=dict(found.counts),
        outcome="" if terms.fewest else found.outcome,
    )
