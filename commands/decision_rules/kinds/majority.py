"""Majority: more for than against, or a stated share of them. Abstentions do not count."""

from __future__ import annotations

from bot.api import Line, _, words
from commands.decision_rules import ballots, thresholds
from commands.decision_rules.ballots import PollQuestion, PollResult, PollVerdict, Profile
from commands.decision_rules.kinds.proposal import ProposalKind
from commands.decision_rules.kinds.stances import STANCE_LABELS, Stance


class MajorityKind(ProposalKind):
    """Approval by more votes for than against, or by a share of them or of the roll."""

    key = "majority"
    names = words("mayoría", "maioria", "majority")
    may = (Stance.FOR, Stance.AGAINST, Stance.ABSTAIN)
    stances = tuple(STANCE_LABELS[stance] for stance in may)

    def how(self, question: PollQuestion) -> tuple[Line, ...]:
        return (_("Tap an option or reply `for`, `against` or `abstain`; I say the total."),)

    def written(self, question: PollQuestion) -> Line:
        return _(
            "To vote: `!vote {number} for`, `!vote {number} against` or `!vote {number} abstain`.",
            number=question.number,
        )

    def rule(self, question: PollQuestion) -> tuple[Line, ...]:
        if question.electorate:
            bar = thresholds.required_share_line(question)
            return (_("It passes if for reaches {bar}.", bar=bar),)
        if question.threshold is None:
            return (_("It passes with more for than against; abstentions don't count there."),)
        share = thresholds.format_share(question.threshold)
        return (_("It passes if at least {share} of for and against is for.", share=share),)

    def tally(self, profile: Profile, question: PollQuestion) -> PollResult:
        votes = self.votes(profile)
        rows = ballots.result_rows(votes)
        if not sum(votes.values()):
            return PollResult(PollVerdict.NOBODY, rows=rows)
        for_, against = votes[Stance.FOR], votes[Stance.AGAINST]
        passes = question.is_reached(for_, for_ + against) if question.bound else for_ > against
        if passes:
            return PollResult(PollVerdict.APPROVED, (Stance.FOR,), rows)
        return PollResult(
            PollVerdict.NOT_APPROVED, rows=rows, why=_missing_line(for_, against, question)
        )


def _missing_line(for_: int, against: int, question: PollQuestion) -> Line:
    if not for_:
        return _("Nobody voted for it.")
    if question.electorate:
        return _(
            "For: {count}; it needed {bar}.",
            count=for_,
            bar=thresholds.required_share_line(question),
        )
    if question.threshold is not None:
        return _(
            "For: {count} of {voted}; it needed at least {share}.",
            count=for_,
            voted=for_ + against,
            share=thresholds.format_share(question.threshold),
        )
    if for_ == against:
        return _("It is a tie between for and against; it needed more for than against.")
    return _("It needed more for than against.")
