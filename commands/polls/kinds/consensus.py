"""Consensus: it passes only if nobody who voted is against it or blocks it."""

from __future__ import annotations

from bot.api import Line, _, n_, words
from commands.polls import ballots
from commands.polls.ballots import Ballot, Profile, Question, Result, Verdict
from commands.polls.kinds.consent import blocks
from commands.polls.kinds.kind import with_reason
from commands.polls.kinds.proposal import Proposal
from commands.polls.kinds.stances import LABELS, Stance


class Consensus(Proposal):
    """Approval without a vote against and without a block."""

    key = "consensus"
    names = words("consenso", "consenso", "consensus")
    may = tuple(Stance)
    stances = tuple(LABELS[stance] for stance in may)

    def how(self, question: Question) -> tuple[Line, ...]:
        return (
            _(
                "To vote: `!vote {number} for`, `abstain`, `against`, `stand aside` or "
                '`!vote {number} block "reason"`.',
                number=question.number,
            ),
            _("It is approved if somebody is for it and nobody is against it or blocks it."),
        )

    def noted(self, ballot: Ballot, question: Question, reason: str = "") -> Line:
        if ballot not in (((Stance.AGAINST, 1),), ((Stance.BLOCK, 1),)):
            return super().noted(ballot, question, reason)
        return _(
            "Noted: {chosen}. So proposal {number} does not pass. "
            "It can be changed until the poll closes.",
            number=question.number,
            chosen=with_reason(self.chosen(ballot, question), reason),
        )

    def tally(self, profile: Profile, question: Question) -> Result:
        votes = self.votes(profile)
        rows = ballots.rows(votes)
        if not sum(votes.values()):
            return Result(Verdict.NOBODY, rows=rows)
        why = _stopped(votes)
        if why is not None:
            return Result(Verdict.NOT_APPROVED, rows=rows, why=why)
        return Result(Verdict.APPROVED, (Stance.FOR,), rows)


def _stopped(votes: dict[int, int]) -> Line | None:
    if votes[Stance.BLOCK]:
        return blocks(votes[Stance.BLOCK])
    if votes[Stance.AGAINST]:
        return n_(
            "There is no consensus: {count} vote against.",
            "There is no consensus: {count} votes against.",
            votes[Stance.AGAINST],
        )
    return None if votes[Stance.FOR] else _("Nobody voted for it.")
