"""Consent: it passes if nobody blocks. Votes against and standing aside are noted only."""

from __future__ import annotations

from bot.api import Line, _, n_, words
from commands.decision_rules import ballots
from commands.decision_rules.ballots import Ballot, PollQuestion, PollResult, PollVerdict, Profile
from commands.decision_rules.kinds.kind import with_reason
from commands.decision_rules.kinds.proposal import ProposalKind
from commands.decision_rules.kinds.stances import STANCE_LABELS, Stance


class ConsentKind(ProposalKind):
    """Approval without a block."""

    key = "consent"
    names = words("consentimiento", "consentimento", "consent")
    may = tuple(Stance)
    stances = tuple(STANCE_LABELS[stance] for stance in may)

    def how(self, question: PollQuestion) -> tuple[Line, ...]:
        return block_lines(question)

    def rule(self, question: PollQuestion) -> tuple[Line, ...]:
        return (
            _(
                "It passes if somebody is for it and nobody blocks it. To have doubts: against;"
                " that doesn't stop it."
            ),
        )

    def written(self, question: PollQuestion) -> Line:
        return _(
            "To vote: `!vote {number} for`, `abstain`, `against`, `stand aside` or "
            '`!vote {number} block "reason"`.',
            number=question.number,
        )

    def noted(self, ballot: Ballot, question: PollQuestion, reason: str = "") -> Line:
        said = {
            "number": question.number,
            "chosen": with_reason(self.chosen(ballot, question), reason),
        }
        if ballot == ((Stance.BLOCK, 1),):
            return _(
                "Noted: {chosen}. So proposal {number} does not pass. "
                "It can be changed until the poll closes.",
                **said,
            )
        if ballot == ((Stance.AGAINST, 1),):
            return _(
                "Noted: {chosen}. That does not stop it; this does: "
                '`!vote {number} block "reason"`',
                **said,
            )
        return super().noted(ballot, question, reason)

    def tally(self, profile: Profile, question: PollQuestion) -> PollResult:
        votes = self.votes(profile)
        rows = ballots.result_rows(votes)
        if not sum(votes.values()):
            return PollResult(PollVerdict.NOBODY, rows=rows)
        if votes[Stance.BLOCK]:
            return PollResult(
                PollVerdict.NOT_APPROVED, rows=rows, why=blocked_line(votes[Stance.BLOCK])
            )
        if not votes[Stance.FOR]:
            return PollResult(PollVerdict.NOT_APPROVED, rows=rows, why=_("Nobody voted for it."))
        return PollResult(
            PollVerdict.APPROVED, (Stance.FOR,), rows, why=_aside(votes[Stance.ASIDE])
        )


def block_lines(question: PollQuestion) -> tuple[Line, ...]:
    """Return the lines that say how to vote where a vote can block the proposal."""
    return (
        _("Tap an option or reply `for`, `against`, `abstain` or `stand aside`; I say the total."),
        _(
            'To block takes a reason, which the room reads: `!vote {number} block "reason"`',
            number=question.number,
        ),
    )


def blocked_line(count: int) -> Line:
    """Return the line that says that blocks stopped the proposal."""
    return n_("It does not pass: {count} block.", "It does not pass: {count} blocks.", count)


def _aside(count: int) -> Line | None:
    if not count:
        return None
    return n_("{count} person stood aside.", "{count} people stood aside.", count)
