"""The kinds of decisions, one in each file, and the rule of each in a few words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.api import Line, _, fold
from commands.decision_rules.ballots import PollQuestion
from commands.decision_rules.kinds import ranked, score, spending
from commands.decision_rules.kinds.budget import BudgetKind
from commands.decision_rules.kinds.choice import ChoiceKind
from commands.decision_rules.kinds.consensus import ConsensusKind
from commands.decision_rules.kinds.consent import ConsentKind
from commands.decision_rules.kinds.dates import DatesKind
from commands.decision_rules.kinds.election import SeatsKind, StvKind
from commands.decision_rules.kinds.kind import DecisionKind
from commands.decision_rules.kinds.majority import MajorityKind
from commands.decision_rules.kinds.ranked import RankedKind
from commands.decision_rules.kinds.score import ScoreKind
from commands.decision_rules.thresholds import format_share, required_share_line

KINDS: dict[str, DecisionKind] = {
    kind.key: kind
    for kind in (
        ChoiceKind(),
        MajorityKind(),
        ConsentKind(),
        ConsensusKind(),
        RankedKind(),
        ScoreKind(),
        DatesKind(),
        BudgetKind(),
        SeatsKind(),
        StvKind(),
    )
}

KIND_TEXTS: Mapping[str, Line] = {
    "choice": _("one option, the most votes win"),
    "majority": _("majority, more for than against"),
    "consent": _("consent"),
    "consensus": _("consensus"),
    "ranked": _("ranked choice"),
    "score": _("score"),
    "dates": _("date poll"),
    "budget": _("budget"),
    "seats": _("election, the most votes"),
    "stv": _("election, single transferable vote"),
}
METHOD_TEXTS: Mapping[str, Line] = {
    ranked.SCHULZE: _("Schulze's method"),
    ranked.RUNOFF: _("instant run-off"),
    score.SCORE: _("points for each option"),
    score.DOTS: _("points to share out"),
    spending.SHARES: _("equal shares"),
    spending.VOTES: _("most chosen first"),
}


def find_kind(word: str) -> tuple[DecisionKind, str] | None:
    """Return the kind of decision that a word names (`tipo:consenso`) and its method, or None."""
    return _NAMED.get(_fold_word(word))


def describe_rule(
    kind: str, question: PollQuestion, quorum: str, *, secret: bool, names_kind: bool = True
) -> Line:
    """Return a decision's kind, method, threshold, quorum and secrecy in words. An empty `quorum`
    is none.

    A method that is not known here is left out. `names_kind`: whether it says “kind:” before it.
    """
    said = _kind(kind, question)
    parts: list[Line] = [_("kind: {kind}", kind=said) if names_kind else said]
    method = METHOD_TEXTS.get(question.method.partition(" ")[0])
    if method is not None:
        parts.append(_("method: {method}", method=method))
    if quorum:
        parts.append(_("quorum: {quorum}", quorum=quorum))
    if secret:
        parts.append(_("secret"))
    return Line("{parts}", {"parts": tuple(parts)})


def _kind(kind: str, question: PollQuestion) -> Line:
    if question.electorate:
        return _("majority, {bar}", bar=required_share_line(question))
    if question.threshold:
        return _("majority, at least {share} for", share=format_share(question.threshold))
    if kind == "choice" and question.most > 1:
        return _("up to {most} options, the most votes win", most=question.most)
    return KIND_TEXTS[kind]


def _names() -> Iterator[tuple[str, tuple[DecisionKind, str]]]:
    for kind in filter(lambda kind: kind.asked_by_type, KINDS.values()):
        methods = {"ranked": ranked.METHODS, "score": score.METHODS}.get(kind.key, {})
        usual = next(iter(methods), "")
        yield kind.key, (kind, usual)
        for name in kind.names:
            yield name, (kind, usual)
        for method, names in methods.items():
            for name in names:
                yield name, (kind, method)


def _fold_word(word: str) -> str:
    return re.sub(r"[\s\-_]+", "", fold(word)).strip(".,;:!")


_NAMED = {_fold_word(name): meant for name, meant in _names()}
