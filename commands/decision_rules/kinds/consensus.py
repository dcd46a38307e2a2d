"""Consensus: it passes only if nobody who voted is against it or blocks it."""

from __future__ import annotations

from bot.api import Line, _, n_, words
from commands.decision_rules import ballots
from commands.decision_rules.ballots import Ballot, PollQuestion, PollResult, PollVerdict, Profile
from commands.decision_rules.kinds.consent import block_lines, blocked_line
from commands.decision_rules.kinds.kind import with_reason
from commands.decision_rules.kinds.proposal import ProposalKind
from commands.decision_rules.kinds.stances import STANCE_LABELS, Stance


class ConsensusKind(ProposalKind):
    """Approval without a vote against and without a block."""

    key = "consensus"
    names = words("consenso", "consenso", "consensus")
    may = tuple(Stance)
    stances = tuple(STANCE_LABELS[stance] for stance in may)

    def how(self, question: PollQuestion) -> tuple[Line, ...]:
        return block_lines(question)

    def rule(self, question: PollQuestion) -> tuple[Line, ...]:
        return (_("It passes if somebody is for it and nobody is against it or blocks it."),)

    def written(self, question: PollQuestion) -> Line:
        return _(
            "To vote: `!vote {number} for`, `abstain`, `against`, `stand aside` or "
            '`!vote {number} block "reason"`.',
            number=question.number,
        )

    def noted(self, ballot: Ballot, question: PollQuestion, reason: str = "") -> Line:
        if ballot not in (((Stance.AGAINST, 1),), ((Stance.BLOCK, 1),)):
            return super().noted(ballot, question, reason)
        return _(
            "Noted: {chosen}. So proposal {number} does not pass. "
            "It can be changed until the poll closes.",
            number=question.number,
            chosen=with_reason(self.chosen(ballot, question), reason),
        )

    def tally(self, profile: Profile, question: PollQuestion) -> PollResult:
        votes = self.votes(profile)
        rows = ballots.result_rows(votes)
        if not sum(votes.values()):
            return PollResult(PollVerdict.NOBODY, rows=rows)
        why = _stopping_line(votes)
        if why is not None:
            return PollResult(PollVerdict.NOT_APPROVED, rows=rows, why=why)
        return PollResult(PollVerdict.APPROVED, (Stance.FOR,), rows)


def _stopping_line(votes: dict[int, int]) -> Line | None:
    if votes[Stance.BLOCK]:
        return blocked_line(votes[Stance.BLOCK])
    if votes[Stance.AGAINST]:
        return n_(
            "There is no consensus: {count} vote against.",
            "There is no consensus: {count} votes against.",
            votes[Stance.AGAINST],
        )
    return None if votes[Stance.FOR] else _("Nobody voted for it.")
