"""A poll: each person chooses one or more options; the most votes win, equal votes tie.

Where a majority is asked for, the most votes win only if they reach it.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import Line, UserError, _, n_, verbatim, words
from commands.polls import ballots, thresholds
from commands.polls.ballots import BLANK, Ballot, Profile, Question, Result, Verdict
from commands.polls.kinds.kind import Kind
from commands.polls.votes import vote_rules
from commands.polls.votes.tokens import unknown, withdraws


class Choice(Kind):
    """Options to choose from."""

    key = "choice"
    names = words("opciones", "opções", "choice", "opción, opção, options, elección, escolha")
    one_place = True

    def read(self, text: str, question: Question) -> Ballot | None:
        said = vote_rules.typed(text, question.labels, question.most)
        if said is None:
            return BLANK if withdraws(text) else None
        if said.unknown is not None:
            raise UserError(unknown(said.unknown, len(question.labels)), *self.numbered(question))
        if said.too_many:
            raise UserError(_too_many(question), *self.numbered(question))
        return _ballot(said.places)

    def tapped(self, places: Sequence[int], question: Question) -> Ballot:
        return _ballot(sorted(set(places[: question.most])))

    def how(self, question: Question) -> tuple[Line, ...]:
        if question.most == 1:
            vote = _(
                "To vote, reply with the number or write `!vote {number} 1`.",
                number=question.number,
            )
        else:
            vote = _(
                "Up to {most} options: reply with the numbers or write `!vote {number} 1 2`.",
                most=question.most,
                number=question.number,
            )
        if not question.bound:
            return (vote,)
        bar = thresholds.bar(question)
        if question.electorate:
            return vote, _("To win, an option must reach {bar}.", bar=bar)
        return vote, _("To win, an option must reach {bar} of the votes cast.", bar=bar)

    def chosen(self, ballot: Ballot, question: Question) -> tuple[Line, ...]:
        return tuple(verbatim(question.label(place)) for place, _one in ballot)

    def tally(self, profile: Profile, question: Question) -> Result:
        votes = ballots.votes(profile, question.places)
        cast = sum(weight for one, weight in profile.items() if one)
        can = {place: count for place, count in votes.items() if count}
        if question.bound:
            can = {place: count for place, count in can.items() if question.reached(count, cast)}
        rows = ballots.rows(votes)
        if not can:
            return Result(
                Verdict.NOT_APPROVED if any(votes.values()) else Verdict.NOBODY, rows=rows
            )
        having, equal = ballots.seated(can, question.seats)
        if not equal:
            return Result(Verdict.WON, having, rows)
        ranking = (having, equal) if having else ()
        return Result(Verdict.TIE, (*having, *equal), rows, ranking)

    def outcome(self, result: Result, question: Question) -> Line:
        if result.verdict is Verdict.TIE and len(result.ranking) == 2:
            return self._second_seat(result, question)
        if result.verdict is not Verdict.NOT_APPROVED:
            return super().outcome(result, question)
        return _(
            "Poll {number}, “{question}”: not approved, no option reached {bar}.",
            number=question.number,
            question=question.name,
            bar=thresholds.bar(question),
        )

    @staticmethod
    def _second_seat(result: Result, question: Question) -> Line:
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


def _too_many(question: Question) -> Line:
    return n_(
        "In this poll one person can choose up to {count} option; I changed nothing.",
        "In this poll one person can choose up to {count} options; I changed nothing.",
        question.most,
    )


def _ballot(places: Sequence[int]) -> Ballot:
    return tuple((place, 1) for place in places)
