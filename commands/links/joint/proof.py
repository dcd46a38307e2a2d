"""A joint decision as one file that anybody can check: all signed words, and the result."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import click
from pydantic import ValidationError

from bot.api import Line, Table, _, verbatim
from commands.links.declaration import feature
from commands.links.joint import exclusions, result_texts, store
from commands.links.joint.statement import Statement, statement
from commands.links.joint.terms import Answer, Final, Terms, chosen
from commands.links.protocol.envelope import Envelope, Unfit, read

LARGEST = 64 * 2**20
"""Bytes of a file that is read."""
FILE = click.Argument(["file"], type=click.Path(path_type=Path, dir_okay=False))
RECEIPT = click.Option(["--receipt", "receipts"], multiple=True, metavar="FILE|TEXT")


class Proof(Table):
    """The terms, and every word that was said about them, with its signature."""

    type: Literal["minga.joint-proof"] = "minga.joint-proof"
    v: Literal[1] = 1
    terms: Terms
    said: tuple[dict[str, Any], ...]


@feature.tool("verify-result", FILE, RECEIPT)
def verify(file: Path, receipts: Sequence[str]) -> tuple[bool, list[Line]] | None:
    """Check a joint decision: FILE is what the rooms got. No network, no configuration."""
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
        words = [read(one) for one in proof.said]
    except (ValidationError, Unfit):
        return False, [_("This is no joint decision of Minga, or it was cut off.")]
    wrong = list(_wrong(proof.terms, words))
    head = _("Joint decision: {title}", title=verbatim(proof.terms.title))
    if wrong:
        return False, [head, _("DO NOT TRUST THIS FILE:"), *wrong]
    return True, [head, *_said(proof.terms, words)]


def worked_out(terms: Terms, words: Sequence[Envelope]) -> Statement:
    """Return the statement that follows from the words.

    Raises `InvalidMessage` for a senseless one.
    """
    by_kind: dict[str, dict[str, Envelope]] = {kind: {} for kind in store.KINDS}
    for one in words:
        by_kind[one.kind][one.network] = one
    return statement(store.board_of(terms, by_kind))


def _wrong(terms: Terms, words: Sequence[Envelope]) -> Iterator[Line]:
    names = {one.key: one.name for one in terms.networks}
    seen: set[tuple[str, str]] = set()
    for one in words:
        name = names.get(one.network)
        if name is None or one.kind not in store.KINDS or one.id != terms.id:
            yield _("Something in it is not of this decision.")
            return
        if not one.is_genuine():
            yield _("{network}: its signature does not fit, something was changed.", network=name)
        if (one.network, one.kind) in seen:
            yield _("{network}: said two things where one counts.", network=name)
        seen.add((one.network, one.kind))
    try:
        found = worked_out(terms, words)
        finals = {one.network: one.says(Final) for one in words if one.kind == "final"}
        signs = {one.network: one.says(Answer) for one in words if one.kind == "sign"}
    except (Unfit, KeyError, ValueError):
        yield _("Something in it can't be read.")
        return
    agreed = [one.terms for one in finals.values()] + [one.terms for one in signs.values()]
    if any(one != terms.hash for one in agreed):
        yield _("Somebody signed other terms than those in the file.")
    opened = next((one for one in words if one.kind == "open"), None)
    part = chosen(terms.keys, str(opened.body.get("part", ""))) if opened else frozenset()
    for key in part:
        if key not in signs or signs[key].answer != "yes":
            yield _("{network}: counted without having agreed to the terms.", network=names[key])
    for key, final in finals.items():
        if final.statement != found.hash:
            yield _("{network}: signed another result than what comes of the words.",
                    network=names[key])  # fmt: skip
    if not finals:
        yield _("Nobody has signed the result yet.")


def _said(terms: Terms, words: Sequence[Envelope]) -> list[Line]:
    found = worked_out(terms, words)
    signs = {one.network: one for one in words if one.kind == "sign"}
    names = {one.key: one.name for one in terms.networks}
    signed = tuple(
        member.name
        for member in terms.networks
        if any(one.kind == "final" and one.network == member.key for one in words)
    )
    return [
        result_texts.outcome(terms, found),
        *result_texts.counts(terms, found),
        *(result_texts.part(terms, one, one.name) for one in found.parts),
        *exclusions.lines(terms, signs, {one.key for one in found.parts}, names),
        _("The file is true in itself: every word in it is signed by its network."),
        _("This result is signed by: {names}", names=signed),
        _("Compare with the rooms: the key of each network stands in its bot's `!status`:"),
        *(_("- {network}: {key}", network=one.name, key=one.key) for one in terms.networks),
        _("It cannot tell whether somebody is a member of two networks."),
    ]
