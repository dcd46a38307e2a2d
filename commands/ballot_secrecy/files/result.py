"""The signed result, and the single file that holds everything needed to check it."""

from __future__ import annotations

from typing import Any, Literal

from bot.api import Count, Hash, Secret, SignedModel, StrictModel
from commands.ballot_secrecy.files.board import BoardEntry
from commands.ballot_secrecy.files.formats import BallotText, RuleName, SignedTranslations
from commands.ballot_secrecy.files.log_chain import LogRow
from commands.ballot_secrecy.files.manifest import Manifest

SignedOutcome = dict[RuleName, str | Count | tuple[str | Count, ...]]
"""Verdict and winners, as the tally of the rule gives them."""
TOO_FEW = "too few"
"""The verdict where so few voted that anything more would reveal how they did."""


class SecretResult(SignedModel):
    """The signed result of a secret ballot."""

    type: Literal["minga.result"] = "minga.result"
    v: Literal[1] = 1
    poll: Secret
    manifest: Hash
    at: Count
    turnout: Count
    roll_size: Count
    counts: dict[BallotText, Count]
    """How often each ballot was cast. Empty where the board is withheld."""
    outcome: SignedOutcome
    board_root: Hash
    rows: Count
    head: Hash
    excluded: dict[RuleName, Count]
    names: tuple[Hash, ...] = ()
    """The roll leaf of everybody who voted, if the manifest says that voters are named."""
    reasons: tuple[tuple[BallotText, str], ...] = ()
    """Reasons that voters gave, each with its ballot and without tracker, sorted by text."""
    translations: SignedTranslations | None = None
    """What was asked in languages that were not there at the opening."""


class Bundle(StrictModel):
    """The file that the room gets."""

    type: Literal["minga.result-file"] = "minga.result-file"
    v: Literal[1] = 1
    certificate: dict[str, Any]
    """The certificate of the bot's signing key by its identity at its homeserver."""
    manifest: Manifest
    log: tuple[LogRow, ...]
    """The log up to the close."""
    board: tuple[BoardEntry, ...]
    result: SecretResult
    people: tuple[tuple[Secret, str], ...] = ()
    """Salt and name for each leaf in `result.names`, without people who asked to be forgotten."""


def is_withheld(manifest: Manifest, turnout: int, verdict: object = None) -> bool:
    """Return whether there are so few votes that nothing about them is published.

    For a ballot from before decision 0023 its verdict says so.
    """
    few = turnout < manifest.min_publish
    return few and (manifest.below != "publish" or verdict == TOO_FEW)


def hides_counts(result: SecretResult, manifest: Manifest) -> bool:
    """Return whether this result withholds its counts because so few voted."""
    return is_withheld(manifest, result.turnout, result.outcome.get("verdict"))


def reveals_all_votes(result: SecretResult) -> bool:
    """Return whether all voted alike, so that the counts reveal every vote."""
    return result.turnout > 0 and len(result.counts) == 1
