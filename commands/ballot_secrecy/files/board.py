"""The board: every vote that counts, under its tracker, in an order that tells nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from bot.api import canonical_json
from commands.ballot_secrecy.files import merkle
from commands.ballot_secrecy.files.formats import BallotText

BoardEntry = tuple[str, BallotText]
"""A tracker, and its choice as "2:1 3:5"."""


def build_board(votes: Iterable[BoardEntry]) -> list[BoardEntry]:
    """Return the votes as they stand on the board, sorted."""
    return sorted(votes)


def board_root(entries: Sequence[BoardEntry]) -> str:
    """Return the Merkle root of the board as hex."""
    return merkle.root_hash([canonical_json(list(entry)) for entry in entries]).hex()


def count_ballots(entries: Iterable[BoardEntry]) -> dict[str, int]:
    """Return how often each ballot was cast, sorted. Every tally is computed from this."""
    return dict(sorted(Counter(choice for _tracker, choice in entries).items()))
