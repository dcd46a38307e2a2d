"""The chambers of a decision in its signed result: their counts, and what comes out of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.api import Count, Line, StrictModel, _
from commands.ballot_secrecy.files import signed_outcome
from commands.ballot_secrecy.files.formats import BallotText
from commands.ballot_secrecy.files.result import SignedOutcome
from commands.ballot_secrecy.files.signed_outcome import SignedRule
from commands.decision_rules import ballots
from commands.decision_rules.ballots import PollVerdict, sum_ballots
from commands.poll_book import chambers
from commands.poll_book.chambers import ChamberVotes


class ChamberCount(StrictModel):
    """One chamber: how many may vote in it, with what weight, how many did, and their votes."""

    name: str
    roll_size: Count
    roll_weight: Count
    turnout: Count
    counts: dict[BallotText, Count]

    @property
    def votes(self) -> ChamberVotes:
        """The chamber's votes, in the form in which chambers are tallied."""
        profile = {ballots.parse_ballot(text): weight for text, weight in self.counts.items()}
        return ChamberVotes(self.name, self.roll_size, self.roll_weight, self.turnout, profile)


def chamber_count(one: ChamberVotes) -> ChamberCount:
    """Return a chamber's votes in the form in which they are signed."""
    counts = {ballots.format_ballot(ballot): weight for ballot, weight in one.profile.items()}
    return ChamberCount(
        name=one.name,
        roll_size=one.size,
        roll_weight=one.weight,
        turnout=one.turnout,
        counts=counts,
    )


def outcome_by_chambers(
    ruled: SignedRule, counts: dict[str, int], whole: SignedOutcome, every: Sequence[ChamberCount]
) -> SignedOutcome:
    """Return the outcome where a text must pass in each chamber (a group of voters that must agree
    by itself); `whole` where there are none.

    Raises `ValueError` for a ballot that the rule forbids.
    """
    if not every or whole["verdict"] == signed_outcome.NO_QUORUM:
        return whole
    kind, question = signed_outcome.kind_of(ruled), signed_outcome.question_of(ruled)
    quorum = signed_outcome.quorum_of(ruled)
    parts = [
        (one.votes, chambers.tally_chamber(kind, question, quorum, one.votes)) for one in every
    ]
    found = chambers.combine_chambers(signed_outcome.compute_result(ruled, counts), parts)
    return {**whole, "verdict": found.verdict.value, "winners": found.winners}


def wrong_numbers(
    every: Sequence[ChamberCount], counts: dict[str, int], roll: tuple[int, int], turnout: int
) -> Iterator[Line]:
    """Yield what does not fit between the numbers of the chambers and those of the whole. `roll`:
    its size and weight."""
    if not every:
        return
    parts = sum_ballots(part for one in every for part in one.votes.profile.items())
    together = {ballots.format_ballot(ballot): weight for ballot, weight in parts.items()}
    sizes = (sum(one.roll_size for one in every), sum(one.roll_weight for one in every))
    if sizes != roll or sum(one.turnout for one in every) != turnout:
        yield _("The chambers together are not the whole roll, or not all who voted.")
    if together != {text: weight for text, weight in counts.items() if weight}:
        yield _("The counts of the chambers do not add up to those of the whole.")
    if any(
        one.turnout > one.roll_size or sum(one.counts.values()) > one.roll_weight for one in every
    ):
        yield _("In a chamber more votes were counted than it has.")


def describe_chambers(ruled: SignedRule, every: Sequence[ChamberCount]) -> list[Line]:
    """Return the outcome in each chamber, in words."""
    kind, question = signed_outcome.kind_of(ruled), signed_outcome.question_of(ruled)
    quorum = signed_outcome.quorum_of(ruled)
    lines: list[Line] = []
    for one in every:
        found = chambers.tally_chamber(kind, question, quorum, one.votes)
        named = {"name": one.name, "turnout": one.turnout, "size": one.roll_size}
        lines.append(
            _("Chamber {name}: it passes. {turnout} of {size} voted.", **named)
            if found.verdict is PollVerdict.APPROVED
            else _("Chamber {name}: it does not pass. {turnout} of {size} voted.", **named)
        )
    return lines
