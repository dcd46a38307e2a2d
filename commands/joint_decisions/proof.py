"""A joint decision as one file that anybody can check: all signed words, and the result."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import click
from pydantic import ValidationError

from bot.api import Line, StrictModel, _, verbatim
from commands.joint_decisions import exclusions, result_texts, store
from commands.joint_decisions.declaration import feature
from commands.joint_decisions.introduced_lines import introduced_lines
from commands.joint_decisions.statement import JointStatement, work_out_statement
from commands.joint_decisions.terms import (
    Final,
    IntroducedNetworks,
    JointTerms,
    TermsAnswer,
    decode_bits,
)
from commands.links.protocol.envelope import InvalidMessage, NetworkEnvelope, parse_envelope

LARGEST = 64 * 2**20
"""Bytes of a file that is read."""
FILE = click.Argument(["file"], type=click.Path(path_type=Path, dir_okay=False))
RECEIPT = click.Option(
    ["--receipt", "receipts"],
    multiple=True,
    metavar="FILE|TEXT",
    help=_("Your receipt, your place on the roll, the opening, or another copy of the file.").msgid,
)


class Proof(StrictModel):
    """The terms, and every word that was said about them, with its signature."""

    type: Literal["minga.joint-proof"] = "minga.joint-proof"
    v: Literal[1] = 1
    terms: JointTerms
    said: tuple[dict[str, Any], ...]


@feature.tool(
    "verify-result",
    FILE,
    RECEIPT,
    help=_("Check a signed result: FILE is what the room got. No network, no configuration."),
)
def verify(file: Path, receipts: Sequence[str]) -> tuple[bool, list[Line]] | None:
    """Check a signed result: FILE is what the room got. No network, no configuration."""
    try:
        with file.open("rb") as opened:
            text = opened.read(LARGEST).decode()
        found = json.loads(text)
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("type") != "minga.joint-proof":
        return None
    try:
        proof = Proof.model_validate_json(text)
        words = [parse_envelope(one) for one in proof.said]
    except (ValidationError, InvalidMessage):
        return False, [_("This is no joint decision of Minga, or it was cut off.")]
    wrong = list(_faults(proof.terms, words))
    head = _("Joint decision: {title}", title=verbatim(proof.terms.title))
    if wrong:
        return False, [head, _("DO NOT TRUST THIS FILE:"), *wrong]
    return True, [head, *_result_lines(proof.terms, words)]


def statement_of_words(terms: JointTerms, words: Sequence[NetworkEnvelope]) -> JointStatement:
    """Return the statement that follows from the words.

    Raises `InvalidMessage` for a senseless one.
    """
    by_kind: dict[str, dict[str, NetworkEnvelope]] = {kind: {} for kind in store.WORD_KINDS}
    for one in words:
        by_kind[one.kind][one.network] = one
    return work_out_statement(store.make_board(terms, by_kind))


def _faults(terms: JointTerms, words: Sequence[NetworkEnvelope]) -> Iterator[Line]:
    names = {one.key: one.name for one in terms.networks}
    seen: set[tuple[str, str]] = set()
    for one in words:
        name = names.get(one.network)
        if name is None or one.kind not in store.WORD_KINDS or one.id != terms.id:
            yield _("Something in it is not of this decision.")
            return
        if not one.is_genuine():
            yield _("{network}: its signature does not fit, something was changed.", network=name)
        if (one.network, one.kind) in seen:
            yield _("{network}: said two things where one counts.", network=name)
        seen.add((one.network, one.kind))
    try:
        found = statement_of_words(terms, words)
        finals = {one.network: one.parse_body(Final) for one in words if one.kind == "final"}
        signs = {one.network: one.parse_body(TermsAnswer) for one in words if one.kind == "sign"}
        known = [one.parse_body(IntroducedNetworks) for one in words if one.kind == "introduced"]
    except (InvalidMessage, KeyError, ValueError):
        yield _("Something in it can't be read.")
        return
    agreed = [one.terms for one in finals.values()] + [one.terms for one in signs.values()]
    agreed += [one.terms for one in known]
    if any(one != terms.hash for one in agreed):
        yield _("Somebody signed other terms than those in the file.")
    opened = next((one for one in words if one.kind == "open"), None)
    part = decode_bits(terms.keys, str(opened.body.get("part", ""))) if opened else frozenset()
    for key in part:
        if key not in signs or signs[key].answer != "yes":
            yield _("{network}: counted without having agreed to the terms.", network=names[key])
    for key, final in finals.items():
        if final.statement != found.hash:
            yield _(
                "{network}: signed another result than what comes of the words.", network=names[key]
            )
    if not finals:
        yield _("Nobody has signed the result yet.")


def _result_lines(terms: JointTerms, words: Sequence[NetworkEnvelope]) -> list[Line]:
    found = statement_of_words(terms, words)
    signs = {one.network: one for one in words if one.kind == "sign"}
    introduced = {one.network: one for one in words if one.kind == "introduced"}
    names, part = {one.key: one.name for one in terms.networks}, {one.key for one in found.parts}
    signed = tuple(
        member.name
        for member in terms.networks
        if any(one.kind == "final" and one.network == member.key for one in words)
    )
    return [
        result_texts.outcome_line(terms, found),
        *result_texts.count_lines(terms, found),
        *(result_texts.part_line(terms, one, one.name) for one in found.parts),
        *exclusions.exclusion_lines(terms, signs, part, names),
        *introduced_lines(terms, introduced, part, names, terms.keys),
        _("The file is true in itself: every word in it is signed by its network."),
        _("This result is signed by: {names}", names=signed),
        _("Compare with the rooms: the key of each network stands in its bot's `!status`:"),
        *(_("- {network}: {key}", network=one.name, key=one.key) for one in terms.networks),
        _("It cannot tell whether somebody is a member of two networks."),
    ]
