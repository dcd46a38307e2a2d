"""A poll: each person chooses one or more options; the most votes win, equal votes tie.

Where a majority is asked for, the most votes win only if they reach it.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import Line, UserError, _, n_, verbatim, words
from commands.decision_rules import ballots, thresholds, vote_rules
from commands.decision_rules.ballots import (
    BLANK,
    Ballot,
    PollQuestion,
    PollResult,
    PollVerdict,
    Profile,
)
from commands.decision_rules.kinds.kind import DecisionKind
from commands.decision_rules.tokens import is_withdrawal, unknown_option


class ChoiceKind(DecisionKind):
    """Options to choose from."""

    key = "choice"
    names = words("opciones", "opções", "choice", "opción, opção, options, elección, escolha")
    names_one_place = True

    def read(self, text: str, question: PollQuestion) -> Ballot | None:
        said = vote_rules.parse_typed_choice(text, question.labels, question.most)
        if said is None:
            return BLANK if is_withdrawal(text) else None
        if said.unknown is not None:
            raise UserError(
                unknown_option(said.unknown, len(question.labels)), *self.numbered(question)
            )
        if said.too_many:
            raise UserError(_too_many(question), *self.numbered(question))
        return _ballot(said.places)

    def tapped(self, places: Sequence[int], question: PollQuestion) -> Ballot:
        return _ballot(sorted(set(places[: question.most])))

    def how(self, question: PollQuestion) -> tuple[Line, ...]:
        if question.most == 1:
            return (_("Tap an option or reply with its number; I say the total."),)
        return (
            _(
                "Tap up to {most} options or reply with their numbers, `1 2`; I say the total.",
                most=question.most,
            ),
        )

    def written(self, question: PollQuestion) -> Line:
        if question.most == 1:
            return _(
                "To vote, reply with the number or write `!vote {number} 1`.",
                number=question.number,
            )
        return _(
            "Up to {most} options: reply with the numbers or write `!vote {number} 1 2`.",
            most=question.most,
            number=question.number,
        )

    def rule(self, question: PollQuestion) -> tuple[Line, ...]:
        if not question.bound:
            return ()
        bar = thresholds.required_share_line(question)
        if question.electorate:
            return (_("To win, an option must reach {bar}.", bar=bar),)
        return (_("To win, an option must reach {bar} of the votes cast.", bar=bar),)

    def chosen(self, ballot: Ballot, question: PollQuestion) -> tuple[Line, ...]:
        return tuple(verbatim(question.label(place)) for place, _one in ballot)

    def tally(self, profile: Profile, question: PollQuestion) -> PollResult:
        votes = ballots.votes_by_place(profile, question.places)
        cast = sum(weight for one, weight in profile.items() if one)
        can = {place: count for place, count in votes.items() if count}
        if question.bound:
            can = {place: count for place, count in can.items() if question.is_reached(count, cast)}
        rows = ballots.result_rows(votes)
        if not can:
            return PollResult(
                PollVerdict.NOT_APPROVED if any(votes.values()) else PollVerdict.NOBODY, rows=rows
            )
        having, equal = ballots.seat_places(can, question.seats)
        if not equal:
            return PollResult(PollVerdict.WON, having, rows)
        ranking = (having, equal) if having else ()
        return PollResult(PollVerdict.TIE, (*having, *equal), rows, ranking)

    def outcome(self, result: PollResult, question: PollQuestion) -> Line:
        if result.verdict is PollVerdict.TIE and len(result.ranking) == 2:
            return self._second_seat(result, question)
        if result.verdict is not PollVerdict.NOT_APPROVED:
            return super().outcome(result, question)
        return _(
            "Poll {number}, “{question}”: not approved, no option reached {bar}.",
            number=question.number,
            question=question.name,
            bar=thresholds.required_share_line(question),
        )

    @staticmethod
    def _second_seat(result: PollResult, question: PollQuestion) -> Line:
        """Say that some have won a seat, and that the rest are tied for what is left."""
        having, equal = (
            tuple(verbatim(question.label(place)) for place in group) for group in result.ranking
        )
        named = {"number": question.number, "question": question.name, "equal": equal}
        left = question.seats - len(having)
        return n_(
            "Poll {number}, “{question}”: {having} won; for {count} more it is a tie, {equal}.",
            "Poll {number}, “{question}”: {having} won; for {count} more it is a tie, {equal}.",
            left,
            **named,
            having=having,
        )


def _too_many(question: PollQuestion) -> Line:
    return n_(
        "In this poll one person can choose up to {count} option; I changed nothing.",
        "In this poll one person can choose up to {count} options; I changed nothing.",
        question.most,
    )


def _ballot(places: Sequence[int]) -> Ballot:
    return tuple((place, 1) for place in places)
