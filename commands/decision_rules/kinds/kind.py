"""The interface of a kind of decision, and what most kinds do alike."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from bot.api import Line, Words, _, n_, verbatim
from commands.decision_rules.ballots import Ballot, PollQuestion, PollResult, PollVerdict, Profile

ON_ONE_LINE = 100


class DecisionKind(ABC):
    """One way to decide. It has no state: everything comes with the question."""

    key: str
    names: Words
    """What an author types to choose it."""
    stances: tuple[Line, ...] | None = None
    """The fixed options of the kind, by place. None: the author gives options."""
    asked_by_type = True
    """Whether `type:` of a poll can choose it. Elections have a command of their own."""
    names_one_place = False
    """A ballot names just one place, so a mandate can be split and an assembly counted."""

    @abstractmethod
    def read(self, text: str, question: PollQuestion) -> Ballot | None:
        """Return the ballot that a typed line means, or None if it is no vote.

        Raises `UserError` for a vote that this question cannot take.
        """

    @abstractmethod
    def tapped(self, places: Sequence[int], question: PollQuestion) -> Ballot:
        """Return the ballot of a response to the native poll.

        Spoiled responses never get here (MSC3381).
        """

    @abstractmethod
    def how(self, question: PollQuestion) -> tuple[Line, ...]:
        """Return the line that says how to vote where the native poll stands beside the message."""

    @abstractmethod
    def chosen(self, ballot: Ballot, question: PollQuestion) -> tuple[Line, ...]:
        """Return a ballot that is not blank in words, part by part."""

    @abstractmethod
    def tally(self, profile: Profile, question: PollQuestion) -> PollResult:
        """Return the result of the ballots, whatever order they came in."""

    def rule(self, question: PollQuestion) -> tuple[Line, ...]:
        """Return the line that says by which rule it is decided, if that is not plain."""
        return ()

    def written(self, question: PollQuestion) -> Line:
        """Return the line that says how a vote is written, with an example."""
        return self.how(question)[0]

    def labels(self, question: PollQuestion) -> tuple[Line, ...]:
        """Return the texts of the options or stances, by place."""
        return self.stances or tuple(map(verbatim, question.labels))

    def numbered(self, question: PollQuestion) -> tuple[Line, ...]:
        """Return the options with their numbers, on one line if they fit."""
        options = tuple(
            Line("{n} {label}", {"n": n, "label": label})
            for n, label in enumerate(self.labels(question), start=1)
        )
        if sum(len(label) + 6 for label in question.labels) <= ON_ONE_LINE:
            return (Line("{options}", {"options": options}),)
        return options

    def spoken(self, question: PollQuestion) -> Mapping[str, int]:
        """Return other words for the options, by place, where the options are fixed."""
        return {}

    def noted(self, ballot: Ballot, question: PollQuestion, reason: str = "") -> Line:
        """Return the line that confirms a vote, with its reason as the person wrote it."""
        if not ballot:
            return _("Noted: no vote. It can be changed until the poll closes.")
        chosen = with_reason(self.chosen(ballot, question), reason)
        return _("Noted: {chosen}. It can be changed until the poll closes.", chosen=chosen)

    def counts(self, result: PollResult, question: PollQuestion) -> list[Line]:
        """Return one line with the votes of each option: `Norte: 12`."""
        labels = self.labels(question)
        return [
            Line("{label}: {votes}", {"label": labels[row.place - 1], "votes": row.votes})
            for row in result.rows
        ]

    def won(self, winners: tuple[Line, ...]) -> Line:
        """Return a few words that say who or what won, to stand behind the question."""
        return n_("{winners} wins", "{winners} win", len(winners), winners=winners)

    def outcome(self, result: PollResult, question: PollQuestion) -> Line:
        """Return the sentence that says the result."""
        named: dict[str, Any] = {"number": question.number, "question": question.name}
        labels = self.labels(question)
        winners = tuple(labels[place - 1] for place in result.winners)
        match result.verdict:
            case PollVerdict.APPROVED:
                return _("Proposal {number}, “{question}”: approved.", **named)
            case PollVerdict.NOT_APPROVED:
                return _("Proposal {number}, “{question}”: not approved.", **named)
            case PollVerdict.TIE:
                return _("Poll {number}, “{question}”: tie, {winners}.", **named, winners=winners)
            case PollVerdict.WON if len(winners) > 1:
                return _("Poll {number}, “{question}”: {winners} win.", **named, winners=winners)
            case PollVerdict.WON:
                named["winner"] = winners[0]
                return _("Poll {number}, “{question}”: {winner} wins.", **named)
            case PollVerdict.NOBODY if self.stances:
                return _("Proposal {number}, “{question}”: not approved, nobody voted.", **named)
            case _nobody:
                return _("Poll {number}, “{question}”, is closed: nobody voted.", **named)


def with_reason(chosen: tuple[Line, ...], reason: str) -> Line:
    """Return a vote in words, followed by the reason as the person wrote it."""
    if not reason:
        return Line("{chosen}", {"chosen": chosen})
    return Line("{chosen}, “{reason}”", {"chosen": chosen, "reason": reason})
