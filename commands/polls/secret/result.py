"""The signed result, and the one file that holds all that is needed to check it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from bot.api import Count, Hash, Secret, Signed, Table
from commands.polls.secret.board import Entry
from commands.polls.secret.chain import Row
from commands.polls.secret.manifest import Manifest
from commands.polls.secret.signed import Ballot, Name

Outcome = dict[Name, str | Count | tuple[str | Count, ...]]
"""Verdict and winners, as the rule's tally gives them."""


class Result(Signed):
    type: Literal["minga.result"] = "minga.result"
    v: Literal[1] = 1
    poll: Secret
    manifest: Hash
    at: Count
    turnout: Count
    roll_size: Count
    counts: dict[Ballot, Count]
    """How often each ballot was cast; empty where the board is withheld."""
    outcome: Outcome
    board_root: Hash
    rows: Count
    head: Hash
    excluded: dict[Name, Count]
    names: tuple[Hash, ...] = ()
    """The roll's leaf of everybody who voted, where the manifest says that they are named."""
    reasons: tuple[tuple[Ballot, str], ...] = ()
    """Reasons that voters gave, each with its ballot, without tracker, in the order of letters."""


class Bundle(Table):
    """The file that the room gets."""

    type: Literal["minga.result-file"] = "minga.result-file"
    v: Literal[1] = 1
    certificate: dict[str, Any]
    """The bot's signing key, vouched for by its identity at its homeserver."""
    manifest: Manifest
    log: tuple[Row, ...]
    """Up to the close."""
    board: tuple[Entry, ...]
    result: Result
    people: tuple[tuple[Secret, str], ...] = ()
    """Salt and name for each leaf in `result.names`; without those who asked to be forgotten."""


def withheld(manifest: Manifest, turnout: int) -> bool:
    """So few votes that only the outcome is published, as the opening said."""
    return manifest.below == "winner" and turnout < manifest.min_publish


def tells_too_much(manifest: Manifest, turnout: int, counts: Mapping[str, int]) -> bool:
    """So few votes, or all alike: by arithmetic nothing is secret."""
    return 0 < turnout < manifest.min_publish or (turnout > 0 and len(counts) == 1)
