"""The signed result, and the single file that holds everything needed to check it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from bot.api import Count, Hash, Secret, SignedModel, StrictModel, canonical_json, hash_parts
from commands.ballot_secrecy.files import formats, merkle
from commands.ballot_secrecy.files.formats import (
    BallotText,
    RuleName,
    SignedTranslations,
    SignedWords,
    WeightText,
)
from commands.ballot_secrecy.files.log_chain import LogRow
from commands.ballot_secrecy.files.manifest import Manifest

SignedOutcome = dict[RuleName, str | Count | tuple[str | Count, ...]]
"""Verdict and winners, as the tally of the rule gives them."""
TOO_FEW = "too few"
"""The verdict where so few voted that anything more would reveal how they did."""

BoardEntry = tuple[str, BallotText]
"""A tracker, and its choice as "2:1 3:5"."""


class PaperCount(StrictModel):
    """The paper ballots of an assembly, and how many others confirmed the count."""

    people: Count
    counts: dict[BallotText, Count]
    confirmed: Count

    def hash_for_log(self, poll: str) -> str:
        """Return this paper count's hash for the log of the ballot."""
        told = (part for ballot, n in sorted(self.counts.items()) for part in (ballot, n))
        return hash_parts("paper1", poll, self.people, self.confirmed, *told)


class SecretResult(SignedModel):
    """The signed result of a secret ballot."""

    type: Literal["minga.result"] = "minga.result"
    v: Literal[1] = 1
    poll: Secret
    manifest: Hash
    at: Count
    turnout: Count
    roll_size: Count
    voted: dict[WeightText, Count] | None = None
    """Where votes have weights: how many voted with each. Their units stand on the board."""
    counts: dict[BallotText, Count]
    """How often each ballot was cast. Empty where the board is withheld."""
    assemblies: tuple[PaperCount, ...] | None = None
    """What was voted on paper, which is in the outcome and not in `counts`."""
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
    words: SignedWords | None = None
    """The same result in sentences, for who reads the file without a program."""

    @property
    def units(self) -> int:
        """How many lines the list of votes has: one for each vote, or for each unit of its
        weight."""
        return self.turnout if self.voted is None else formats.count_units(self.voted)

    @property
    def together(self) -> dict[str, int]:
        """The counts of the listed votes and of the assemblies together."""
        return add_paper(self.counts, self.assemblies or ())


def add_paper(counts: Mapping[str, int], papers: Iterable[PaperCount]) -> dict[str, int]:
    """Return the sum of these counts and those of the assemblies on paper."""
    found = Counter(counts)
    for one in papers:
        found.update(one.counts)
    return dict(sorted(found.items()))


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


def is_withheld(
    manifest: Manifest,
    turnout: int,
    verdict: object = None,
    voted: Mapping[str, int] | None = None,
) -> bool:
    """Return whether so few voted that nothing about the votes is published.

    `voted`: where votes have weights, how many voted with each; few of one weight are few. For a
    ballot from before decision 0023 its verdict says so.
    """
    few = turnout < manifest.min_publish or formats.has_few(voted or {}, manifest.min_publish)
    return few and (manifest.below != "publish" or verdict == TOO_FEW)


def hides_counts(result: SecretResult, manifest: Manifest) -> bool:
    """Return whether this result withholds its counts because so few voted."""
    if result.turnout == 0 and result.assemblies:
        return False
    return is_withheld(manifest, result.turnout, result.outcome.get("verdict"), result.voted)


def reveals_all_votes(result: SecretResult) -> bool:
    """Return whether everybody voted the same, so that the counts reveal every vote."""
    return result.turnout > 0 and len(result.counts) == 1


# --- the board: every vote that counts, under its tracker, in an order that tells nothing --


def build_board(votes: Iterable[BoardEntry]) -> list[BoardEntry]:
    """Return the votes as they are published, sorted, without names."""
    return sorted(votes)


def board_root(entries: Sequence[BoardEntry]) -> str:
    """Return the Merkle root, in hex, of the published list of votes."""
    return merkle.root_hash([canonical_json(list(entry)) for entry in entries]).hex()


def count_ballots(entries: Iterable[BoardEntry]) -> dict[str, int]:
    """Return how often each different ballot was cast, sorted. Every tally is computed from
    this."""
    return dict(sorted(Counter(choice for _tracker, choice in entries).items()))
