"""The result of a joint decision: each network works out the same from the same messages.

No single clock says who is late. A commitment or a result counts if at least one other network says
that it had it in time, or if no other network said anything for which it could have been late.
Whoever holds the same messages gets the same statement, to the byte; a message that comes later can
add a network. Of two networks there is no third as a witness: if one says that the other was late,
or does not open what it sealed, the outcome is disputed, and neither one's count stands for both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field

from bot.api import Count, Hash, StrictModel, canonical_json, hash_parts
from commands.joint_decisions import decision_rule
from commands.joint_decisions.terms import (
    AGAINST,
    FOR,
    Commitment,
    JointTerms,
    NetworkResult,
    Quit,
    Reveal,
    SeenReveals,
    decode_bits,
    seal_result,
)
from commands.links.protocol.envelope import Key

PartState = Literal[
    "counted", "silent", "quit", "sealed", "altered", "impossible", "late", "withheld", "told"
]
"""How a network stands in the result.

Counted; silent: said nothing in time; quit: called its vote off; sealed: never opened its result;
altered: opened another one; impossible: numbers that can't be true; late; withheld: too few voted
for sums to leave it; told: gave sums of so few against the terms.
"""


class StatementPart(StrictModel):
    """One network in the statement."""

    key: Key
    name: str
    state: PartState
    result: NetworkResult | None = None


class JointStatement(StrictModel):
    """The end of a joint decision.

    `outcome`: a choice, `tie`, `disputed`, or `none` where nothing is decided. `counts`: votes, or
    networks where each has one vote.
    """

    type: Literal["minga.joint-statement"] = "minga.joint-statement"
    v: Literal[1] = 1
    terms: Hash
    title: str
    counts: dict[str, Count]
    outcome: Annotated[str, Field(max_length=10)]
    parts: tuple[StatementPart, ...]

    @property
    def hash(self) -> str:
        """The hash of the joint decision's result, which networks sign in `final`."""
        return hash_parts("minga-joint-statement-1", canonical_json(self.dump()).decode())

    def dump(self) -> dict[str, object]:
        """Return the result as JSON values without empty fields, as it is hashed."""
        return self.model_dump(exclude_none=True)


@dataclass(slots=True)
class Board:
    """What was said in a joint decision, by network. The first word counts, a second is a fork."""

    terms: JointTerms
    participants: tuple[str, ...]
    """Who takes part, in the order of the terms."""
    commits: dict[str, Commitment] = field(default_factory=dict)
    reveals: dict[str, Reveal] = field(default_factory=dict)
    seen: dict[str, SeenReveals] = field(default_factory=dict)
    quits: dict[str, Quit] = field(default_factory=dict)

    def attested_in_time(self) -> tuple[frozenset[str], frozenset[str]]:
        """Return whose commitments, and whose results, another network says it had in time."""
        commits = self._attested({k: one.commits for k, one in self.reveals.items()})
        reveals = self._attested({k: one.reveals for k, one in self.seen.items()})
        return commits, reveals

    def _attested(self, said: Mapping[str, str]) -> frozenset[str]:
        """Return who is named by another network; one that speaks alone needs no other's word."""
        speak = [by for by in self.participants if by in said]
        named = {by: decode_bits(self.terms.keys, said[by]) for by in speak}
        if len(speak) == 1:
            return named[speak[0]]
        return frozenset(key for by in speak for key in named[by] if key != by)


def work_out_statement(board: Board) -> JointStatement:
    """Return the result of linked networks' joint decision that follows from everything said so
    far."""
    commits, reveals = board.attested_in_time()
    names = {one.key: one.name for one in board.terms.networks}
    parts = []
    for key in board.participants:
        state = _state(board, key, commits, reveals)
        result = board.reveals[key].result if state == "counted" else None
        parts.append(StatementPart(key=key, name=names[key], state=state, result=result))
    counted = [one.result for one in parts if one.result is not None]
    disputed = _is_disputed(board, parts)
    counts = _counts(board.terms, [] if disputed else counted)
    outcome = "disputed" if disputed else _outcome(board.terms, counts, counted)
    return JointStatement(
        terms=board.terms.hash,
        title=board.terms.title,
        counts=counts,
        outcome=outcome,
        parts=tuple(parts),
    )


def _state(board: Board, key: str, commits: frozenset[str], reveals: frozenset[str]) -> PartState:
    commit, reveal = board.commits.get(key), board.reveals.get(key)
    if commit is None or key not in commits:
        return "quit" if key in board.quits else "silent"
    if reveal is None:
        return "sealed"
    mine, fits = reveal.result.network == key, reveal.result.is_possible(board.terms)
    if not mine or seal_result(reveal.result, reveal.nonce) != commit.sealed:
        return "altered"
    if not fits:  # for or against keeps its older name
        return "impossible" if board.terms.options or board.terms.fewest else "altered"
    if reveal.result.tells_votes(board.terms):
        return "told"
    if key not in reveals:
        return "late"
    return "withheld" if reveal.result.withheld else "counted"


def _is_disputed(board: Board, parts: list[StatementPart]) -> bool:
    """Tell whether, of two networks, one is left out on the other's word or held back its result.

    One that said nothing at all is silent, for which nobody's word is needed.
    """
    if len(parts) != 2:
        return False
    spoke = {key for key in board.participants if key in board.commits}
    return any(
        one.state in ("sealed", "late") or (one.state == "silent" and one.key in spoke)
        for one in parts
    )


def _counts(terms: JointTerms, results: list[NetworkResult]) -> dict[str, int]:
    counts = dict.fromkeys(terms.count_keys, 0)
    for one in results:
        if terms.count == "networks":
            if one.outcome:
                counts[one.outcome] += 1
        else:
            for choice, votes in one.counts.items():
                counts[choice] += votes
    return counts


def _outcome(terms: JointTerms, counts: Mapping[str, int], results: list[NetworkResult]) -> str:
    """Return the outcome by the terms: for or against by their rule, else the leading option."""
    if len(results) < terms.least or not (any(counts.values()) or terms.method == "ranked"):
        return "none"
    if not decision_rule.count_turnout(terms, results).is_enough:
        return "none"
    if terms.options:
        first = decision_rule.first_choices(terms, counts)
        return first[0] if len(first) == 1 else "tie"
    if terms.rule == "consent":
        return FOR if decision_rule.passes_by_consent(counts) else AGAINST
    return (
        FOR if decision_rule.is_carried(terms, counts[FOR], counts[AGAINST], results) else AGAINST
    )
