"""The kinds of decisions, one in each file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.api import fold
from commands.decision_rules.kinds import ranked, score
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


def find_kind(word: str) -> tuple[DecisionKind, str] | None:
    """Return the kind that a word names (`tipo:consenso`) and its method, or None."""
    return _NAMED.get(_fold_word(word))


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
