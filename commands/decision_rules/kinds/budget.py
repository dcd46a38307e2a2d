"""A budget: projects with costs; people choose those they would pay for, or give them points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.api import Line, _, n_, verbatim, words
from commands.decision_rules import ballots
from commands.decision_rules.ballots import (
    BLANK,
    Ballot,
    PollQuestion,
    PollResult,
    PollVerdict,
    Profile,
)
from commands.decision_rules.kinds import spending
from commands.decision_rules.kinds.choice import ChoiceKind
from commands.decision_rules.kinds.kind import DecisionKind
from commands.decision_rules.kinds.score import ScoreKind
from commands.decision_rules.kinds.spending import SHARES, parse_terms, show_amount

_CHOICE, _SCORE = ChoiceKind(), ScoreKind()


class BudgetKind(DecisionKind):
    """Projects to pay for. The method holds the terms; with one point people only choose."""

    key = "budget"
    names = words("presupuesto", "orçamento", "budget")

    def read(self, text: str, question: PollQuestion) -> Ballot | None:
        if question.points > 1:
            found = _SCORE.read(text, _bare(question))
            return found and tuple(pair for pair in found if pair[1])
        return _CHOICE.read(text, _bare(question))

    def tapped(self, places: Sequence[int], question: PollQuestion) -> Ballot:
        chosen = sorted(set(places))
        return tuple((place, question.points) for place in chosen) if chosen else BLANK

    def how(self, question: PollQuestion) -> tuple[Line, ...]:
        if question.points > 1:
            return _SCORE.how(_bare(question))
        return (_("Tap all that you would pay for, or reply with their numbers, `1 2`."),)

    def written(self, question: PollQuestion) -> Line:
        if question.points > 1:
            return _SCORE.written(_bare(question))
        return _CHOICE.written(_bare(question))

    def rule(self, question: PollQuestion) -> tuple[Line, ...]:
        terms = parse_terms(question.method)
        money = show_amount(terms.money)
        if terms.rule != SHARES:
            return (
                _("There are {money}. Most chosen goes in first, as long as it fits.", money=money),
            )
        return (
            _("There are {money}, and each voter has an equal share of it.", money=money),
            _("What its supporters' shares can pay goes in; then, while it fits, what most chose."),
        )

    def labels(self, question: PollQuestion) -> tuple[Line, ...]:
        terms = parse_terms(question.method)
        return tuple(
            Line("{label} ({cost})", {"label": label, "cost": show_amount(cost)})
            for label, cost in zip(question.labels, terms.costs, strict=True)
        )

    def chosen(self, ballot: Ballot, question: PollQuestion) -> tuple[Line, ...]:
        if question.points > 1:
            return _SCORE.chosen(ballot, question)
        return tuple(verbatim(question.label(place)) for place, _one in ballot)

    def tally(self, profile: Profile, question: PollQuestion) -> PollResult:
        points = ballots.points_by_place(profile, question.places)
        rows = ballots.result_rows(points)
        spent = spending.spend(profile, question)
        if not spent.bought:
            return PollResult(PollVerdict.NOBODY, rows=rows)
        ranking = (spent.shared, spent.completed)
        return PollResult(PollVerdict.WON, spent.bought, rows, ranking)

    def counts(self, result: PollResult, question: PollQuestion) -> list[Line]:
        """Return one line for each project: its cost, its votes, whether it is paid for, and
        why."""
        labels = self.labels(question)
        return [
            Line(
                "{label}: {votes} · {why}",
                {
                    "label": labels[row.place - 1],
                    "votes": row.votes,
                    "why": _why(row.place, result, question),
                },
            )
            for row in result.rows
        ]

    def won(self, winners: tuple[Line, ...]) -> Line:
        return n_("{winners} goes in", "{winners} go in", len(winners), winners=winners)

    def outcome(self, result: PollResult, question: PollQuestion) -> Line:
        if result.verdict is not PollVerdict.WON:
            return super().outcome(result, question)
        left = parse_terms(question.method).left_after(result.winners)
        return n_(
            "Poll {number}, “{question}”: {winners} goes in. Left over: {left}.",
            "Poll {number}, “{question}”: {winners} go in. Left over: {left}.",
            len(result.winners),
            number=question.number,
            question=question.name,
            winners=tuple(verbatim(question.label(place)) for place in result.winners),
            left=show_amount(left),
        )


def _bare(question: PollQuestion) -> PollQuestion:
    """Return the question as the kinds that read its ballots know it."""
    return replace(question, method="", most=len(question.labels))


def _why(place: int, result: PollResult, question: PollQuestion) -> Line:
    """Say why a project goes in or stays out. `ranking` is what was shared, then completed."""
    shared, completed = result.ranking or ((), ())
    if place in shared:
        return _("goes in: its supporters' shares pay for it")
    if place in completed and parse_terms(question.method).rule == SHARES:
        return _("goes in: the most chosen that fits in the rest")
    if place in completed:
        return _("goes in: most chosen, and it fits")
    if not result.votes(place):
        return _("stays out: nobody chose it")
    left = parse_terms(question.method).left_after(result.winners)
    return _("stays out: it costs more than the {left} left over", left=show_amount(left))
