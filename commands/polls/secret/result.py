"""The signed result, and the one file that holds all that is needed to check it."""

from __future__ import annotations

from typing import Any, Literal

from bot.api import Count, Hash, Secret, Signed, Table
from commands.polls.secret.board import Entry
from commands.polls.secret.chain import Row
from commands.polls.secret.manifest import Manifest
from commands.polls.secret.signed import Ballot, Name

Outcome = dict[Name, str | Count | tuple[str | Count, ...]]
"""Verdict and winners, as the rule's tally gives them."""
TOO_FEW = "too few"
"""The verdict where so few voted that anything more would tell how they did."""


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


def withheld(manifest: Manifest, turnout: int, verdict: object = None) -> bool:
    """So few votes that nothing of how they were cast is published.

    A ballot that was opened before decision 0023 says so in its verdict.
    """
    few = turnout < manifest.min_publish
    return few and (manifest.below != "publish" or verdict == TOO_FEW)


def hides(result: Result, manifest: Manifest) -> bool:
    """Is this the result of so few votes?"""
    return withheld(manifest, result.turnout, result.outcome.get("verdict"))


def tells_all(result: Result) -> bool:
    """All voted alike: the counts tell how each of them voted."""
    return result.turnout > 0 and len(result.counts) == 1
