"""What leaves a network of its own vote, and when: totals, or of too few votes nothing. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.api import Signer, Tally, hash_parts
from commands.joint_decisions.terms import (
    Commitment,
    JointTerms,
    NetworkResult,
    seal_result,
)

SEALED_AFTER = timedelta(minutes=10)
"""Counts are sealed so long after the end: votes sent in time may be read late (decision 0075)."""


def wait_for_late_votes(terms: JointTerms) -> timedelta:
    """Return how long after its end our own vote is counted: `SEALED_AFTER`, but no more than half
    of the time in which the others have to hear of it."""
    return min(SEALED_AFTER, timedelta(seconds=(terms.commit_by - terms.closes) // 2))


def sealing_time(terms: JointTerms) -> datetime:
    """Return when our own counts are sealed (UTC)."""
    return datetime.fromtimestamp(terms.closes, UTC) + wait_for_late_votes(terms)


def seal_secret(signer: Signer, terms: JointTerms) -> str:
    """Return our secret (128 bits) for the seal of our counts on these terms.

    It is made of our key, and so the same again in a bot that goes on from a backup of before it
    heard of the terms. The signature of which it is made is told to nobody.
    """
    label = "minga-joint-secret-1"
    return hash_parts(label, signer.sign(f"{label} {terms.hash}".encode()))[:32]


def opens_seal(result: NetworkResult | None, secret: str, seal: Commitment) -> bool:
    """Return whether we hold the counts that we sealed, for no others may ever be opened."""
    return result is not None and seal_result(result, secret) == seal.sealed


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
