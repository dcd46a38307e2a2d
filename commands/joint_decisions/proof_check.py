"""Check the file of a joint decision by itself: each word, and what follows from all. Pure.

The page that checks results does the same in JavaScript (commands/verify_page/scripts/joint.js).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from bot.api import Line, StrictModel, _, one_line
from commands.joint_decisions import exclusions, result_texts, store
from commands.joint_decisions.introduced_lines import introduced_lines
from commands.joint_decisions.statement import JointStatement, work_out_statement
from commands.joint_decisions.terms import Final, JointTerms, TermsAnswer
from commands.links.protocol.envelope import InvalidMessage, NetworkEnvelope, parse_envelope


class Proof(StrictModel):
    """The terms, and every word that was said about them, with its signature."""

    type: Literal["minga.joint-proof"] = "minga.joint-proof"
    v: Literal[1] = 1
    terms: JointTerms
    said: tuple[dict[str, Any], ...]

    def parse_words(self) -> list[NetworkEnvelope]:
        """Return the signed statements in the file, read strictly. Raises `InvalidMessage`; checks
        no signature."""
        return [parse_envelope(one) for one in self.said]


def write_proof(terms: JointTerms, words: Sequence[NetworkEnvelope]) -> bytes:
    """Return the file with these signed statements, the same bytes in every network.

    Keys are sorted, as homeservers pass them on in an order of their own.
    """
    said = [one.content() for one in words]
    proof = {"type": "minga.joint-proof", "v": 1, "terms": terms.model_dump(), "said": said}
    return json.dumps(proof, ensure_ascii=False, indent=1, sort_keys=True).encode()


def statement_of_words(terms: JointTerms, words: Sequence[NetworkEnvelope]) -> JointStatement:
    """Return the result that follows from the networks' signed statements.

    Raises `InvalidMessage` for a senseless one.
    """
    by_kind: dict[str, dict[str, NetworkEnvelope]] = {kind: {} for kind in store.WORD_KINDS}
    for one in words:
        by_kind[one.kind][one.network] = one
    return work_out_statement(store.make_board(terms, by_kind))


def network_names(terms: JointTerms) -> dict[str, str]:
    """Return the names of the networks in a joint decision's terms by key, each on one line."""
    return {one.key: one_line(one.name) for one in terms.networks}


def find_faults(terms: JointTerms, words: Sequence[NetworkEnvelope]) -> Iterator[Line]:
    """Yield a line for each fault of the signed statements in a file; nothing if all is right."""
    names = network_names(terms)
    seen: set[tuple[str, str]] = set()
    for one in words:
        name = names.get(one.network)
        known = name is not None and one.kind in store.WORD_KINDS and one.id == terms.id
        if not known or (one.kind == "open" and one.network != terms.proposer):
            yield _("Something in it is not of this decision.")
            return
        if not one.is_genuine():
            yield _("{network}: its signature does not fit, something was changed.", network=name)
        if (one.network, one.kind) in seen:
            yield _("{network}: said two things where one counts.", network=name)
        seen.add((one.network, one.kind))
    try:
        said = [one.parse_body(store.WORD_BODIES[one.kind]) for one in words]
        found = statement_of_words(terms, words)
    except (InvalidMessage, KeyError, ValueError):
        yield _("Something in it can't be read.")
        return
    if any(getattr(one, "terms", terms.hash) != terms.hash for one in said):
        yield _("Somebody signed other terms than those in the file.")
    pairs = list(zip(words, said, strict=True))
    agreed = {w.network for w, one in pairs if isinstance(one, TermsAnswer) and one.answer == "yes"}
    for part in found.parts:
        if part.key not in agreed:
            yield _(
                "{network}: counted without having agreed to the terms.", network=names[part.key]
            )
    finals = [(w.network, one) for w, one in pairs if isinstance(one, Final)]
    for key, final in finals:
        if final.statement != found.hash:
            yield _(
                "{network}: signed another result than what comes of the words.", network=names[key]
            )
    if not finals:
        yield _("Nobody has signed the result yet.")


def checked_lines() -> tuple[Line, ...]:
    """Return lines that say what was checked in a file without faults."""
    return (
        _("Every word in it is signed by its network, and none said two things."),
        _("Every word is about the terms in the file, and who counts had agreed to them."),
        _("The result follows from the words; whoever signed it signed this one."),
    )


def result_lines(terms: JointTerms, words: Sequence[NetworkEnvelope]) -> list[Line]:
    """Return a joint decision's result in words: of all together, then network by network."""
    found = statement_of_words(terms, words)
    signs = {one.network: one for one in words if one.kind == "sign"}
    introduced = {one.network: one for one in words if one.kind == "introduced"}
    names, part = network_names(terms), {one.key for one in found.parts}
    return [
        result_texts.outcome_line(terms, found),
        *result_texts.count_lines(terms, found),
        *(result_texts.part_line(terms, one, names[one.key]) for one in found.parts),
        *exclusions.exclusion_lines(terms, signs, part, names),
        *introduced_lines(terms, introduced, part, names, terms.keys),
    ]


def comparison_lines(terms: JointTerms, words: Sequence[NetworkEnvelope]) -> list[Line]:
    """Return lines that say what the file can't show by itself, and what to compare."""
    names = network_names(terms)
    finals = {one.network for one in words if one.kind == "final"}
    signed = tuple(names[key] for key in terms.keys if key in finals)
    return [
        _("This result is signed by: {names}", names=signed),
        _("Compare with the rooms: the key of each network stands in its bot's `!status`:"),
        *(_("- {network}: {key}", network=names[key], key=key) for key in terms.keys),
        _("It cannot tell whether somebody is a member of two networks."),
        _("It has no receipts: yours is for the file of your own network's vote."),
    ]
