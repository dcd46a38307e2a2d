"""A date poll: yes, if need be, or no to each date; the date most people can make wins.

"If need be" counts as able to come. Between dates with equal numbers, the one with more yes wins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.api import Line, UserError, _, verbatim, words
from commands.decision_rules import ballots, vote_rules
from commands.decision_rules.ballots import (
    BLANK,
    Ballot,
    OptionRow,
    PollQuestion,
    PollResult,
    Profile,
)
from commands.decision_rules.kinds.kind import DecisionKind
from commands.decision_rules.tokens import VoteToken, is_withdrawal, require_place, tokenise

NO, MAYBE, YES = 0, 1, 2
_ANSWERS: Mapping[int, str] = {
    YES: "si,sim,yes,puedo,si puedo,posso,sim posso,i can,can,me sirve,me sirven,me queda bien,"
    "da para mim,works,works for me,👍,✅",
    MAYBE: "si hace falta,si es necesario,si toca,si no hay de otra,se precisar,se for preciso,"
    "se necessario,se for necessario,if need be,if needed,if necessary,maybe,tal vez,talvez,"
    "quizas,quiza,de pronto",
    NO: "no,nao,no puedo,nao posso,i can't,i cannot,can't,cannot,no me sirve,n posso,👎,❌",
}
_EVERY = "todas,todos,todas las fechas,todas as datas,all,all of them,any,cualquiera,qualquer uma"
_NONE = "ninguna,ninguno,nenhuma,nenhum,none,ninguna fecha,nenhuma data,none of them"
EVERY, EXCEPT = "every", "except"
_WORDS = (
    {word: str(answer) for answer, line in _ANSWERS.items() for word in line.split(",")}
    | dict.fromkeys(_NONE.split(","), str(NO))
    | dict.fromkeys(_EVERY.split(","), EVERY)
    | dict.fromkeys(("menos", "excepto", "salvo", "exceto", "except", "but"), EXCEPT)
)


_NO = VoteToken("word", str(NO))


class DatesKind(DecisionKind):
    """Dates to answer with yes, if need be or no."""

    key = "dates"
    names = words("fechas", "datas", "dates", "fecha, data, date")

    def read(self, text: str, question: PollQuestion) -> Ballot | None:
        if is_withdrawal(text) and vote_rules.fold_label(text) not in vote_rules.NOTHING_WORDS:
            return BLANK
        found = tokenise(text, question.labels, _WORDS, _days(question.labels))
        none = vote_rules.fold_label(text) in vote_rules.NOTHING_WORDS or (
            found and set(found) == {_NO}
        )
        if none:
            return tuple((place, NO) for place in question.places)
        if not found or all(token.what == "sign" for token in found):
            return None
        answers = _Answers(question)
        for clause in _clauses(found):
            answers.hear(clause)
        return answers.ballot()

    def tapped(self, places: Sequence[int], question: PollQuestion) -> Ballot:
        return tuple((place, YES) for place in sorted(set(places)))

    def how(self, question: PollQuestion) -> tuple[Line, ...]:
        return (
            _(
                "To vote: `!vote {number} 1 2?` is yes to 1, and 2 if need be. None: "
                "`!vote {number} none`.",
                number=question.number,
            ),
        )

    def rule(self, question: PollQuestion) -> tuple[Line, ...]:
        return (
            _(
                "The date that most people can make wins; of equal ones, the one with more yes. "
                "Still equal: a tie."
            ),
        )

    def chosen(self, ballot: Ballot, question: PollQuestion) -> tuple[Line, ...]:
        can = [(question.label(place), answer) for place, answer in ballot if answer != NO]
        if not can:
            return (_("none of the dates"),)
        return tuple(
            verbatim(label) if answer == YES else _("{date} if need be", date=label)
            for label, answer in can
        )

    def tally(self, profile: Profile, question: PollQuestion) -> PollResult:
        yes = dict.fromkeys(question.places, 0)
        maybe = dict.fromkeys(question.places, 0)
        for one, weight in profile.items():
            for place, answer in one:
                if answer != NO:
                    (yes if answer == YES else maybe)[place] += weight
        best = max(((yes[p] + maybe[p], yes[p]) for p in question.places), default=(0, 0))
        winners = tuple(p for p in question.places if (yes[p] + maybe[p], yes[p]) == best)
        if not best[0]:
            winners = ()
        found = tuple(OptionRow(place, yes[place], maybe[place]) for place in question.places)
        return PollResult(ballots.verdict_of_winners(winners), winners, found)

    def counts(self, result: PollResult, question: PollQuestion) -> list[Line]:
        """Return `lun 18h: 3` for each date, and how many more people can if need be."""
        lines = []
        for row in result.rows:
            named = {"label": question.label(row.place), "votes": row.votes}
            if row.maybe:
                lines.append(_("{label}: {votes}, if need be: {maybe}", **named, maybe=row.maybe))
            else:
                lines.append(Line("{label}: {votes}", named))
        return lines


def _days(labels: Sequence[str]) -> dict[str, int]:
    """Return short names of dates that name one only: `lunes` for `lunes 30 de noviembre`."""
    firsts = [vote_rules.fold_label(label).split(" ")[0].strip(",.") for label in labels]
    return {
        day: place
        for place, day in enumerate(firsts, start=1)
        if firsts.count(day) == 1 and len(day) > 2 and day.isalpha()
    }


def _clauses(found: Sequence[VoteToken]) -> list[list[VoteToken]]:
    """Split at commas. Within a clause an answer belongs to the dates beside it."""
    clauses: list[list[VoteToken]] = [[]]
    for token in found:
        if token.what == "sign" and str(token.value) in ",;":
            clauses.append([])
        elif token.what != "sign" or token.value == "?":
            clauses[-1].append(token)
    return [clause for clause in clauses if clause]


class _Answers:
    """The dates and answers of a line: before (`sí: 1 y 3`) or after (`2 no`)."""

    def __init__(self, question: PollQuestion) -> None:
        self._question = question
        self._given: dict[int, int] = {}
        self._carried = YES  # in `si hace falta: 1, 3` it holds for 3 too
        self._excepts = False

    def hear(self, clause: Sequence[VoteToken]) -> None:
        """Take in a clause.

        A leading answer holds for the dates behind it, else for those before.
        """
        before = clause[0].what == "word" and clause[0].value != EVERY
        run: list[int] = []
        for token in clause:
            if token.value == "?":
                self._give(run[-1:], MAYBE)
                run = run[:-1]
            elif token.value == EXCEPT:
                self._give(run, self._carried)
                run, before, self._carried, self._excepts = [], True, NO, True
            elif token.what == "word" and token.value != EVERY:
                answer = int(token.value)
                self._give(run, self._carried if before else answer)
                run, self._carried = [], answer if before else self._carried
            else:
                run += self._places(token)
        self._give(run, self._carried)

    def ballot(self) -> Ballot:
        """Return the ballot. Raises `UserError` if it names no date or is unclear."""
        only_no = not any(self._given.values())
        if only_no and len(self._given) < len(self._question.labels):
            raise self._unclear()
        return ballots.make_ballot(self._given)

    def _places(self, token: VoteToken) -> list[int]:
        if token.value == EVERY:
            return list(self._question.places)
        return [require_place(int(token.value), len(self._question.labels))]

    def _give(self, places: Sequence[int], answer: int) -> None:
        for place in places:
            if self._given.get(place, answer) != answer and not self._excepts:
                raise self._unclear()
            self._given[place] = answer

    def _unclear(self) -> UserError:
        return UserError(
            _(
                "Which dates can you? For example, 1 yes and 2 if need be: `!vote {number} 1 2?`",
                number=self._question.number,
            )
        )
