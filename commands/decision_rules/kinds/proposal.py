"""The base of majority, consent and consensus: fixed stances, one for each person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.api import Line, UserError, _
from commands.decision_rules import ballots, vote_rules
from commands.decision_rules.ballots import BLANK, Ballot, PollQuestion, Profile
from commands.decision_rules.kinds.kind import DecisionKind
from commands.decision_rules.kinds.stances import STANCE_LABELS, STANCE_WORDS, Stance, parse_stance
from commands.decision_rules.tokens import FILLER_WORDS, is_withdrawal, require_place


class ProposalKind(DecisionKind):
    """A decision that ends approved or not approved."""

    may: tuple[Stance, ...]
    names_one_place = True

    def read(self, text: str, question: PollQuestion) -> Ballot | None:
        meant = parse_stance(text) or self._numbered(text)
        if meant is None:
            return BLANK if is_withdrawal(text) else None
        if meant not in self.may:
            raise UserError(
                _("In proposal {number} there is no “{stance}”.", **self._said(meant, question)),
                _(
                    "What can be voted: {stances}. For example: `!vote {number} for`",
                    number=question.number,
                    stances=self.stances,
                ),
            )
        return ((meant, 1),)

    def _numbered(self, text: str) -> Stance | None:
        said = [word for word in vote_rules.fold_label(text).split() if word not in FILLER_WORDS]
        if len(said) != 1 or not vote_rules.is_number(said[0]) or int(said[0]) == 0:
            return None
        return Stance(require_place(int(said[0]), len(self.may)))

    @staticmethod
    def _said(meant: Stance, question: PollQuestion) -> dict[str, object]:
        return {"number": question.number, "stance": STANCE_LABELS[meant]}

    def tapped(self, places: Sequence[int], question: PollQuestion) -> Ballot:
        return ((places[0], 1),) if places else BLANK

    def chosen(self, ballot: Ballot, question: PollQuestion) -> tuple[Line, ...]:
        return tuple(STANCE_LABELS[Stance(place)] for place, _one in ballot)

    def spoken(self, question: PollQuestion) -> Mapping[str, int]:
        return {word: meant for word, meant in STANCE_WORDS.items() if meant in self.may}

    def votes(self, profile: Profile) -> dict[int, int]:
        """Return the weight of the votes for each stance (for, against, …)."""
        return ballots.votes_by_place(profile, self.may)
