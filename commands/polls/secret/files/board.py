"""The board: every vote that counts, under its tracker, in an order that tells nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from bot.api import canonical
from commands.polls.secret.files import merkle
from commands.polls.secret.files.formats import Ballot

Entry = tuple[str, Ballot]
"""A tracker, and its choice as "2:1 3:5"."""


def board(votes: Iterable[Entry]) -> list[Entry]:
    """Return the votes as they stand on the board, sorted."""
    return sorted(votes)


def root(entries: Sequence[Entry]) -> str:
    """Return the Merkle root of the board as hex."""
    return merkle.root([canonical(list(entry)) for entry in entries]).hex()


def counts(entries: Iterable[Entry]) -> dict[str, int]:
    """Return how often each ballot was cast, sorted. Every tally is computed from this."""
    return dict(sorted(Counter(choice for _tracker, choice in entries).items()))
