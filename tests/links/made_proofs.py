"""Joint decisions as the bots of several networks would sign them, without the bots."""

from __future__ import annotations

import json
import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from bot.api import Signer, UserId
from commands.decision_rules.ballots import FEWEST_VOTES
from commands.joint_decisions.home_result import result_to_seal
from commands.joint_decisions.proof_check import Proof, statement_of_words
from commands.joint_decisions.terms import (
    ABSOLUTE,
    AGAINST,
    FOR,
    MOST_PEOPLE,
    JointTerms,
    NetworkResult,
    TermsNetwork,
    encode_bits,
    seal_result,
)
from commands.joint_decisions.tests.test_sums import STANCES, some_votes, tally_of
from commands.links.protocol.envelope import FIRST, NetworkEnvelope

NAMES = ("Norte", "Sur", "Red <b>Radio</b>", "Ñandú", "São João", "La\nplaza", "Otra \u202ered")
METHODS: dict[str, dict[str, Any]] = {
    "for or against": {},
    "two thirds": {"majority": "2/3"},
    "per mille": {"share": 667},
    "absolute": {"majority": ABSOLUTE},
    "quorum": {"quorum": "3/7"},
    "quorum of people": {"majority": "3/5", "quorum": "20"},
    "at least three": {"least": 3},
    "by networks": {"count": "networks"},
    "by networks, two thirds": {"count": "networks", "majority": "2/3", "quorum": "1/2"},
    "consent": {"rule": "consent", "fewest": FEWEST_VOTES},
    "choice": {"options": 4},
    "choice of several": {"options": 5, "most": 2},
    "choice by networks": {"options": 3, "count": "networks"},
    "score": {"options": 4, "method": "score", "points": 5},
    "dots": {"options": 4, "method": "dots", "points": 10},
    "ranked": {"options": 4, "method": "ranked", "fewest": FEWEST_VOTES},
}
STATES = (*["counted"] * 6, "silent", "quit", "sealed", "altered", "impossible", "late", "few")


@cache
def signer(n: int) -> Signer:
    return Signer.from_seed(UserId(f"@minga:{n}"), bytes([n]) * 32, dict)


@dataclass(slots=True)
class MadeProof:
    """A joint decision as a file, and the keys of its networks, with which a cheat signs anew."""

    terms: JointTerms
    signers: Mapping[str, Signer]
    said: list[NetworkEnvelope] = field(default_factory=list)

    def say(self, by: str, kind: str, body: Mapping[str, Any], **more: Any) -> NetworkEnvelope:
        given: dict[str, Any] = {"link": "b" * 32, "seq": 1 + len(self.said), "prev": FIRST, **more}
        word = NetworkEnvelope(
            network=by, kind=kind, id=given.pop("id", self.terms.id), body=dict(body), **given
        ).sign_with(self.signers[by])
        self.said.append(word)
        return word

    def word(self, kind: str, at: int = 0) -> NetworkEnvelope:
        return [one for one in self.said if one.kind == kind][at]

    def replace(self, old: NetworkEnvelope, **changes: Any) -> NetworkEnvelope:
        """The word changed, with a signature that fits."""
        new = old.model_copy(update=changes).sign_with(self.signers[old.network])
        self.said[self.said.index(old)] = new
        return new

    def lie(self, changes: Mapping[str, Any]) -> None:
        """Let the first network seal and reveal other numbers; all sign what comes of it."""
        reveal = self.word("reveal")
        commit = next(w for w in self.said if (w.kind, w.network) == ("commit", reveal.network))
        told = NetworkResult.model_validate(reveal.body["result"])
        told = told.model_copy(update=changes)
        sealed = seal_result(told, reveal.body["nonce"])
        self.replace(commit, body=commit.body | {"sealed": sealed})
        self.replace(reveal, body=reveal.body | {"result": told.model_dump()})
        self.said = [one for one in self.said if one.kind != "final"]
        self.sign_result(*self.terms.keys)

    def sign_result(self, *networks: str) -> None:
        """These networks sign what comes of the words."""
        found = statement_of_words(self.terms, self.said).hash
        for key in networks:
            self.say(key, "final", {"terms": self.terms.hash, "statement": found})

    def to_json(self) -> str:
        said = tuple(one.content() for one in self.said)
        whole = Proof(terms=self.terms, said=said).model_dump()
        return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True)


def make_terms(chance: random.Random, method: str, networks: int) -> MadeProof:
    more = {"count": "sum", **METHODS[method]}
    labels = ["Norte", "El Sur", "Este\u200b", "<i>Oeste</i>", "Nada"]
    if chance.random() < 0.3:
        labels = [f"{one} {'muy largo ' * 4}".strip() for one in labels]
    more["options"] = tuple(labels[: more.get("options", 0)])
    signers = {one.public: one for one in map(signer, range(networks))}
    keys = sorted(signers)
    names = chance.sample(NAMES, networks)
    terms = JointTerms.model_validate(
        {
            "id": "a" * 32,
            "proposer": chance.choice(keys),
            "title": chance.choice(["Carta por el agua", "Água «para»\nall " * 9]),
            "answer_by": 1_000,
            "closes": 2_000,
            "commit_by": 3_000,
            "reveal_by": 4_000,
            "networks": tuple(
                TermsNetwork(key=k, name=n) for k, n in zip(keys, names, strict=True)
            ),
            **more,
        }
    )
    return MadeProof(terms, signers)


def a_result(chance: random.Random, terms: JointTerms, key: str, *, few: bool) -> NetworkResult:
    """What a network could have counted at home."""
    turnout = chance.randint(0, 4) if few else chance.choice([0, 1, 6, 9, 30])
    if terms.fewest:
        if not few:
            turnout += FEWEST_VOTES
        votes = some_votes(chance, terms, turnout)
        if terms.rule == "consent" and chance.random() < 0.6:
            votes = [*chance.choices(STANCES[:4], k=turnout)]
        return result_to_seal(terms, key, tally_of(terms, votes))
    roll = turnout + chance.randint(0, 9)
    weight = roll + chance.choice([0, 0, 5])
    people = turnout if weight == roll else weight * bool(turnout)
    each, together = terms.most_points if terms.options else (1, 1)
    counts = dict.fromkeys(terms.choices, 0)
    for _ in range(chance.randint(0, people * together)):
        choice = chance.choice(terms.choices)
        counts[choice] += counts[choice] < people * each
    found = NetworkResult(
        terms=terms.hash,
        network=key,
        roll=roll,
        weight=weight,
        turnout=turnout,
        counts=counts,
        outcome="",
    )
    return found.model_copy(update={"outcome": _stands_for(terms, found)})


def _stands_for(terms: JointTerms, found: NetworkResult) -> str:
    if terms.options:
        return found.leaders[0] if len(found.leaders) == 1 else ""
    if not any(found.counts.values()):
        return ""
    for_it = found.model_copy(update={"outcome": FOR})
    return FOR if for_it.is_possible(terms) and found.counts[FOR] else AGAINST


def impossible(terms: JointTerms, found: NetworkResult, chance: random.Random) -> NetworkResult:
    first = next(iter(found.counts), "for")
    lies: list[dict[str, Any]] = [
        {"turnout": found.roll + 1},
        {"weight": MOST_PEOPLE + 1, "roll": MOST_PEOPLE + 1},
        {"counts": found.counts | {first: 2**53 - 1}},
        {"counts": {key: chance.randint(0, found.turnout // 2) for key in found.counts}},
        {"counts": found.counts | {"for" if terms.options else "9": 1}},
        {"counts": {}, "outcome": "9"},
        {"terms": "e" * 64},
    ]
    return found.model_copy(update=chance.choice(lies))


def heard(chance: random.Random, terms: JointTerms, words: Collection[str]) -> str:
    """Return of whom a network had a word in time; sometimes one is missing."""
    lost = chance.choice(terms.keys) if chance.random() < 0.4 else ""
    return encode_bits(terms.keys, (key for key in words if key != lost))


def decide(chance: random.Random, method: str, networks: int = 0) -> MadeProof:
    """A random joint decision: who answers, who is late, who lies, and all that they sign."""
    made = make_terms(chance, method, networks or chance.randint(2, 6))
    terms, about = made.terms, {"terms": made.terms.hash}
    agreed = [terms.proposer, *(key for key in terms.keys if chance.random() < 0.9)]
    part = [key for key in dict.fromkeys(agreed) if chance.random() < 0.95]
    for key in terms.keys:
        answer = {"answer": "yes" if key in agreed else "no"}
        if key in agreed or chance.random() < 0.5:
            made.say(key, "sign", about | answer)
    for key in part:
        if chance.random() < 0.3:
            who, by = chance.sample(terms.keys, 1), chance.sample(terms.keys, 1)
            group = {"by": by, "who": encode_bits(terms.keys, who)}
            made.say(key, "introduced", about | {"introduced": [group]})
    made.say(terms.proposer, "open", about | {"part": encode_bits(terms.keys, part)})
    states = {key: chance.choice(STATES) for key in part}
    commits = {key for key in part if states[key] not in ("silent", "quit")}
    results = {
        key: a_result(chance, terms, key, few=states[key] == "few") for key in sorted(commits)
    }
    for key, result in results.items():
        if states[key] == "impossible":
            results[key] = impossible(terms, result, chance)
    for key, result in results.items():
        made.say(key, "commit", about | {"sealed": seal_result(result, "c" * 32)})
    for key in part:
        if states[key] == "quit":
            made.say(key, "quit", about)
    reveals = {key for key in commits if states[key] != "sealed"}
    for key in sorted(reveals):
        shown = results[key]
        if states[key] == "altered":
            shown = shown.model_copy(update={"roll": shown.roll + 1})
        body = {"nonce": "c" * 32, "commits": heard(chance, terms, commits)}
        made.say(key, "reveal", body | {"result": shown.model_dump()})
    in_time = {key for key in reveals if states[key] != "late"}
    for key in sorted(commits):
        if chance.random() < 0.9:
            made.say(key, "seen", about | {"reveals": heard(chance, terms, in_time | {key})})
    made.sign_result(*chance.sample(terms.keys, chance.randint(1, len(terms.keys))))
    return made


def honest_decision(method: str = "for or against") -> MadeProof:
    """All of three networks say everything in time."""
    for seed in range(10_000):
        made = decide(random.Random(seed), method, 3)  # noqa: S311
        kinds = [one.kind for one in made.said]
        if all(kinds.count(kind) == 3 for kind in ("sign", "commit", "reveal", "seen", "final")):
            return made
    raise AssertionError("never")
