"""Elections of several people: by the most votes, or by the single transferable vote.

The options are the candidates, in an order that was drawn by lot.
"""

from __future__ import annotations

from dataclasses import replace

from bot.api import Line, UserError, _, n_
from commands.decision_rules import ballots
from commands.decision_rules import seat_rounds as rounds
from commands.decision_rules.ballots import (
    Ballot,
    PollQuestion,
    PollResult,
    PollVerdict,
    Profile,
    SeatCount,
    SeatQuota,
)
from commands.decision_rules.kinds import runoff
from commands.decision_rules.kinds.choice import ChoiceKind
from commands.decision_rules.kinds.kind import DecisionKind
from commands.decision_rules.kinds.ranked import RankedKind
from commands.decision_rules.seat_count import count_most_votes, count_stv
from commands.decision_rules.seat_quotas import group_label


class SeatsKind(ChoiceKind):
    """Name one or more people; who has the most votes is elected."""

    key = "seats"
    asked_by_type = False
    names_one_place = False

    def rule(self, question: PollQuestion) -> tuple[Line, ...]:
        return (
            n_(
                "{count} seat: who has the most votes is elected. {lot}",
                "{count} seats: those with the most votes are elected. {lot}",
                question.seats,
                lot=_lot_line(),
            ),
            *quota_lines(question),
        )

    def tally(self, profile: Profile, question: PollQuestion) -> PollResult:
        """Return the candidates who win the seats by the most votes."""
        votes = ballots.votes_by_place(profile, question.places)
        if not any(votes.values()):
            return PollResult(PollVerdict.NOBODY, rows=ballots.result_rows(votes))
        return _result(count_most_votes(profile, question), votes)

    def counts(self, result: PollResult, question: PollQuestion) -> list[Line]:
        """Return a line for each candidate's votes, and lines that say why the elected were
        elected."""
        return [*_counts(self, result, question), *_reasons(result, question)]


class StvKind(RankedKind):
    """Put people in order; each vote moves on until it helps to elect somebody."""

    key = "stv"
    asked_by_type = False

    def read(self, text: str, question: PollQuestion) -> Ballot | None:
        ballot = super().read(text, question)
        ranks = [rank for _place, rank in ballot or ()]
        if len(set(ranks)) < len(ranks):
            raise UserError(
                _("In this election no two have the same place in your order."),
                _("For example: `!vote {number} 2 1`", number=question.number),
            )
        return ballot

    def how(self, question: PollQuestion) -> tuple[Line, ...]:
        """Return the line that says how to put the candidates in order."""
        return (
            _(
                "To vote, put those you want in order, the best first: `!vote {number} 2 1`.",
                number=question.number,
            ),
            _("As many as you like. A tap is a first choice."),
        )

    def rule(self, question: PollQuestion) -> tuple[Line, ...]:
        return (
            n_(
                "{count} seat by single transferable vote, counted by the Scottish rules. {lot}",
                "{count} seats by single transferable vote, counted by the Scottish rules. {lot}",
                question.seats,
                lot=_lot_line(),
            ),
            *quota_lines(question),
        )

    def tally(self, profile: Profile, question: PollQuestion) -> PollResult:
        """Return the candidates who win the seats by the single transferable vote."""
        named = {one: weight for one, weight in profile.items() if one and weight}
        firsts = runoff.first_choices(named, question.places)
        if not named:
            return PollResult(PollVerdict.NOBODY, rows=ballots.result_rows(firsts))
        return _result(count_stv(named, question), firsts)

    def counts(self, result: PollResult, question: PollQuestion) -> list[Line]:
        """Return a line for each candidate's first choices, and lines that say why the elected were
        elected."""
        first = _("First choices:")
        return [first, *_counts(self, result, question), *_reasons(result, question)]


def quota_lines(question: PollQuestion) -> list[Line]:
    """Return the lines that say which groups have a share of the seats, and how that is counted."""
    if not question.quotas:
        return []
    return [
        *(_quota_line(one, question) for one in question.quotas),
        _("Nobody is elected with whom a quota couldn't be met, nor goes out without whom not."),
    ]


def _quota_line(one: SeatQuota, question: PollQuestion) -> Line:
    who = " ".join(map(str, sorted(one.places)))
    if one.low:
        return _(
            "Quota: at least {count} of {name} ({who}).",
            count=one.low,
            name=group_label(one.name),
            who=who,
        )
    return _(
        "Quota: at most {count} of {name} ({who}).",
        count=one.high,
        name=group_label(one.name),
        who=who,
    )


def _lot_line() -> Line:
    return _("Equal votes: the first on this list, drawn by lot.")


def _counts(kind: DecisionKind, result: PollResult, question: PollQuestion) -> list[Line]:
    return DecisionKind.counts(kind, result, question)


def _reasons(result: PollResult, question: PollQuestion) -> list[Line]:
    return [] if result.count is None else [*rounds.reason_lines(result.count, question)]


def _result(count: SeatCount, votes: dict[int, int]) -> PollResult:
    winners = tuple(one.place for one in count.won)
    verdict = PollVerdict.WON if winners else PollVerdict.NOBODY
    return replace(PollResult(verdict, winners, ballots.result_rows(votes)), count=count)
