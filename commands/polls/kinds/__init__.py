"""The kinds of decisions, one in each file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.api import fold
from commands.polls.kinds import ranked, score
from commands.polls.kinds.choice import Choice
from commands.polls.kinds.consensus import Consensus
from commands.polls.kinds.consent import Consent
from commands.polls.kinds.dates import Dates
from commands.polls.kinds.kind import Kind
from commands.polls.kinds.majority import Majority
from commands.polls.kinds.ranked import Ranked
from commands.polls.kinds.score import Score

KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (Choice(), Majority(), Consent(), Consensus(), Ranked(), Score(), Dates())
}


def named(word: str) -> tuple[Kind, str] | None:
    """Return the kind that a word names (`tipo:consenso`) and its method, or None."""
    return _NAMED.get(_heard(word))


def _names() -> Iterator[tuple[str, tuple[Kind, str]]]:
    for kind in KINDS.values():
        methods = {"ranked": ranked.METHODS, "score": score.METHODS}.get(kind.key, {})
        usual = next(iter(methods), "")
        yield kind.key, (kind, usual)
        for name in kind.names:
            yield name, (kind, usual)
        for method, names in methods.items():
            for name in names:
                yield name, (kind, method)


def _heard(word: str) -> str:
    return re.sub(r"[\s\-_]+", "", fold(word)).strip(".,;:!")


_NAMED = {_heard(name): meant for name, meant in _names()}
