"""The board: every vote that counts, named by its tracker, in an order that tells nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from bot.api import canonical
from commands.polls.secret import merkle
from commands.polls.secret.signed import Ballot

Entry = tuple[str, Ballot]
"""A tracker, and what it chose as "2:1 3:5"."""


def board(votes: Iterable[Entry]) -> list[Entry]:
    return sorted(votes)


def root(entries: Sequence[Entry]) -> str:
    return merkle.root([canonical(list(entry)) for entry in entries]).hex()


def counts(entries: Iterable[Entry]) -> dict[str, int]:
    """How often each ballot was cast, sorted: what every tally is worked out from."""
    return dict(sorted(Counter(choice for _tracker, choice in entries).items()))
