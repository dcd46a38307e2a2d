"""Majority: more for than against, or a stated share of them. Abstentions do not count."""

from __future__ import annotations

from bot.api import Line, _, words
from commands.polls import ballots, thresholds
from commands.polls.ballots import Profile, Question, Result, Verdict
from commands.polls.kinds.proposal import Proposal
from commands.polls.kinds.stances import LABELS, Stance


class Majority(Proposal):
    """Approval by more votes for than against, or by a share of them or of the roll."""

    key = "majority"
    names = words("mayoria", "maioria", "majority", "mayoría")
    may = (Stance.FOR, Stance.AGAINST, Stance.ABSTAIN)
    stances = tuple(LABELS[stance] for stance in may)

    def how(self, question: Question) -> tuple[Line, ...]:
        vote = _(
            "To vote: `!vote {number} for`, `!vote {number} against` or `!vote {number} abstain`.",
            number=question.number,
        )
        if question.electorate:
            return vote, _("It is approved if for reaches {bar}.", bar=thresholds.bar(question))
        if question.threshold is None:
            return vote, _(
                "It is approved with more for than against; abstentions don't count there."
            )
        return vote, _(
            "It is approved if at least {share} of for and against is for.",
            share=thresholds.shown(question.threshold),
        )

    def tally(self, profile: Profile, question: Question) -> Result:
        votes = self.votes(profile)
        rows = ballots.rows(votes)
        if not sum(votes.values()):
            return Result(Verdict.NOBODY, rows=rows)
        for_, against = votes[Stance.FOR], votes[Stance.AGAINST]
        passes = question.reached(for_, for_ + against) if question.bound else for_ > against
        if passes:
            return Result(Verdict.APPROVED, (Stance.FOR,), rows)
        return Result(Verdict.NOT_APPROVED, rows=rows, why=_lacking(for_, against, question))


def _lacking(for_: int, against: int, question: Question) -> Line:
    if not for_:
        return _("Nobody voted for it.")
    if question.electorate:
        return _("For: {count}; it needed {bar}.", count=for_, bar=thresholds.bar(question))
    if question.threshold is not None:
        return _(
            "For: {count} of {voted}; it needed at least {share}.",
            count=for_,
            voted=for_ + against,
            share=thresholds.shown(question.threshold),
        )
    if for_ == against:
        return _("It is a tie between for and against; it needed more for than against.")
    return _("It needed more for than against.")
