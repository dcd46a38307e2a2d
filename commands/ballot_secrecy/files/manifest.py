"""The manifest, which is fixed and signed when a secret ballot opens, and proofs of its roll."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from importlib.metadata import version
from typing import Annotated, Literal

from pydantic import Field

from bot.api import Count, Hash, Secret, SignedModel, Signer, StrictModel, hash_parts
from commands.ballot_secrecy.files import formats, merkle
from commands.ballot_secrecy.files.formats import (
    Language,
    RuleName,
    SignedTranslations,
    sign_language,
    sign_translations,
)
from commands.decision_rules.ballots import FEWEST_VOTES, PollQuestion
from commands.decision_rules.kinds.kind import DecisionKind
from commands.decision_rules.seat_quotas import format_quotas
from commands.decision_rules.thresholds import Quorum

ORGANISATIONS = "organisations"
"""Who votes, as the rule of a manifest names it. Without it people vote."""
DISPUTE_WINDOW = timedelta(hours=72)
"""The time after the end for disputes. After it the link from voters to votes is destroyed."""


class Manifest(SignedModel):
    """The terms of a ballot, signed and posted at the opening. Later files name its hash."""

    type: Literal["minga.ballot"] = "minga.ballot"
    v: Literal[1] = 1
    poll: Secret
    """A random id, so that nothing of one ballot fits another."""
    number: Count
    network: str
    question: str
    options: Annotated[tuple[str, ...], Field(max_length=100)]
    """Empty where the kind has its own options: for, against …"""
    language: Language | None = None
    translations: SignedTranslations | None = None
    """What was asked in other languages at the opening."""
    rule: dict[RuleName, str | Count]
    """Kind, most, method, points, threshold and quorum: everything the outcome depends on."""
    opens: Count
    closes: Count | None = None
    """Seconds since 1970. Without it the ballot is open until somebody closes it."""
    roll_size: Count
    roll_root: Hash
    turnout: Literal["count", "names"]
    """Whether the result only counts those who voted, or names them."""
    min_publish: Count
    """With fewer votes than this, the board would reveal too much …"""
    below: Literal["publish", "winner", "nothing"]
    """… and nothing is published that depends on how they were cast (decision 0023).

    Older ballots published everything, or the outcome alone.
    """
    window: Count
    """Seconds after the end until the link from voter to vote is destroyed."""
    key: str
    """The bot's signing key."""
    software: str

    @property
    def by_organisations(self) -> bool:
        """Whether organisations vote, each by who speaks for it, and not people."""
        return self.rule.get("voters") == ORGANISATIONS

    @property
    def weights(self) -> dict[int, int]:
        """How many voters of the roll have which weight. Raises `ValueError` for a bad rule."""
        text = str(self.rule.get("weights", ""))
        return formats.parse_weights(text) if text else {1: self.roll_size}


@dataclass(frozen=True, slots=True)
class BallotTerms:
    """What the author of a ballot decides. The rest of the manifest follows from it."""

    kind: DecisionKind
    question: PollQuestion
    network: str
    closes: datetime | None
    turnout: Literal["count", "names"] = "count"
    min_publish: int = FEWEST_VOTES
    below: Literal["publish", "winner", "nothing"] = "nothing"
    window: timedelta = DISPUTE_WINDOW
    quorum: Quorum | None = None
    organisations: bool = False
    """Whether organisations vote, and not people."""
    weights: str = ""
    """How many of them have which weight, as `formats.format_weights` writes it."""

    def rule(self) -> dict[str, str | int]:
        """Return everything except the votes that the outcome depends on."""
        rule: dict[str, str | int] = {"kind": self.kind.key, "most": self.question.most}
        rule |= {"method": self.question.method, "points": self.question.points}
        if self.question.threshold is not None:
            rule["threshold"] = _share(self.question.threshold)
        if self.question.electorate:
            rule["electorate"] = self.question.electorate
        if self.question.seats > 1:
            rule["seats"] = self.question.seats
        if self.question.quotas:
            rule["quotas"] = format_quotas(self.question.quotas)
        if self.quorum is not None:
            share, count = self.quorum.share, self.quorum.count or 0
            rule["quorum"] = count if share is None else _share(share)
        if self.organisations:
            rule["voters"] = ORGANISATIONS
        if self.weights:
            rule["weights"] = self.weights
        return rule


def sign_manifest(
    terms: BallotTerms, *, poll: str, roll: Sequence[bytes], opens: datetime, signer: Signer
) -> Manifest:
    """Return the signed terms of a secret ballot. `roll`: the sorted leaves of everybody on it."""
    return Manifest(
        poll=poll,
        number=terms.question.number,
        network=terms.network,
        question=str(terms.question.title),
        options=tuple(map(str, terms.question.labels)),
        language=sign_language(terms.question.title),
        translations=sign_translations(terms.question.title, terms.question.labels, {}),
        rule=terms.rule(),
        opens=int(opens.timestamp()),
        closes=int(terms.closes.timestamp()) if terms.closes else None,
        roll_size=len(roll),
        roll_root=merkle.root_hash(roll).hex(),
        turnout=terms.turnout,
        min_publish=terms.min_publish,
        below=terms.below,
        window=int(terms.window.total_seconds()),
        key=signer.public,
        software=f"minga {version('minga')}",
    ).sign(signer)


def _share(part: Fraction) -> str:
    return f"{part.numerator}/{part.denominator}"


class RollProof(StrictModel):
    """A proof of one voter's place on the roll. It names them, so only they get it."""

    type: Literal["minga.roll"] = "minga.roll"
    v: Literal[1] = 1
    poll: Secret
    person: str
    """Their address, or the name of the organisation."""
    weight: Count | None = None
    """Of an organisation."""
    salt: Secret
    index: Count
    path: tuple[Hash, ...]

    @property
    def leaf(self) -> bytes:
        """The leaf of this voter in the Merkle tree of the roll."""
        return roll_leaf(self.poll, self.salt, self.person, self.weight)

    def is_valid_for(self, manifest: Manifest) -> bool:
        """Return whether the proof shows that the voter is on the roll of this manifest."""
        path = [bytes.fromhex(beside) for beside in self.path]
        top = bytes.fromhex(manifest.roll_root)
        return merkle.is_included(self.leaf, self.index, manifest.roll_size, path, top)


def roll_leaf(poll: str, salt: str, person: str, weight: int | None = None) -> bytes:
    """Return the leaf of the roll's Merkle tree for a person, or for an organisation with its
    weight.

    The salt keeps others from trying names on it.
    """
    if weight is None:
        return bytes.fromhex(hash_parts("roll1", poll, salt, person))
    return bytes.fromhex(hash_parts("roll2", poll, salt, person, weight))


def make_roll_proof(
    leaves: Sequence[bytes],
    index: int,
    *,
    poll: str,
    person: str,
    salt: str,
    weight: int | None = None,
) -> RollProof:
    """Return the proof that this voter is the leaf at `index` of the roll's Merkle tree."""
    path = tuple(beside.hex() for beside in merkle.inclusion_path(leaves, index))
    return RollProof(poll=poll, person=person, weight=weight, salt=salt, index=index, path=path)
