"""A joint decision as one file that anybody can check: all signed words, and the result."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click
from pydantic import ValidationError

from bot.api import Line, _, one_line, verbatim
from commands.joint_decisions import proof_check
from commands.joint_decisions.declaration import feature
from commands.joint_decisions.proof_check import Proof
from commands.links.protocol.envelope import InvalidMessage

LARGEST = 64 * 2**20
"""Bytes of a file that is read."""
FILE = click.Argument(["file"], type=click.Path(path_type=Path, dir_okay=False))
RECEIPT = click.Option(
    ["--receipt", "receipts"],
    multiple=True,
    metavar="FILE|TEXT",
    help=_("Your receipt, your place on the roll, the opening, or another copy of the file.").msgid,
)


@feature.tool(
    "verify-result",
    FILE,
    RECEIPT,
    help=_("Check a signed result: FILE is what the room got. No network, no configuration."),
)
def verify(file: Path, receipts: Sequence[str]) -> tuple[bool, list[Line]] | None:
    """Check a signed result: FILE is what the room got. Return whether it is right and the lines
    that say so, or None for another kind of file. No network, no configuration."""
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
        words = proof.parse_words()
    except (ValidationError, InvalidMessage):
        return False, [_("This is no joint decision of Minga, or it was cut off.")]
    wrong = list(proof_check.find_faults(proof.terms, words))
    head = _("Joint decision: {title}", title=verbatim(one_line(proof.terms.title)))
    if wrong:
        return False, [head, _("DO NOT TRUST THIS FILE:"), *_listed(wrong)]
    return True, [
        head,
        *proof_check.result_lines(proof.terms, words),
        _("The file is true in itself:"),
        *_listed(proof_check.checked_lines()),
        *proof_check.comparison_lines(proof.terms, words),
    ]


def _listed(lines: Sequence[Line]) -> list[Line]:
    return [_("- {finding}", finding=line) for line in lines]
