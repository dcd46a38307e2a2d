"""The tool `minga verify-result FILE`: what was decided, and is the file true?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import click
from pydantic import Field, TypeAdapter

from bot.api import Line, _, verbatim
from commands.polls.declaration import feature
from commands.polls.records import open_result_check
from commands.polls.records.open_result import OpenResult
from commands.polls.secret.files.evidence import Evidence, compare, read_evidence
from commands.polls.secret.files.formats import fingerprint
from commands.polls.secret.files.result import Bundle, hides, tells_all
from commands.polls.secret.files.result_check import Finding, Weight, bad, inspect
from commands.polls.secret.files.signed_outcome import Ruled, told

LARGEST = 64 * 2**20
"""A larger file, in bytes, is no result of the bot."""
RESULT: TypeAdapter[Bundle | OpenResult] = TypeAdapter(
    Annotated[Bundle | OpenResult, Field(discriminator="type")]
)
FILE = click.Argument(["file"], type=click.Path(path_type=Path, dir_okay=False))
RECEIPT = click.Option(
    ["--receipt", "receipts"],
    multiple=True,
    metavar="FILE|TEXT",
    help="Your receipt, your place on the roll, the opening, or another copy of the file.",
)


@feature.tool("verify-result", FILE, RECEIPT)
def verify(file: Path, receipts: Sequence[str]) -> tuple[bool, list[Line]] | None:
    """Check a signed result: FILE is what the room got. No network, no configuration."""
    try:
        text = _text(file)
        if _is_of_another_kind(text):
            return None
        found = RESULT.validate_json(text)
        held = [read_evidence(_text(Path(r)) if _is_file(r) else r) for r in receipts]
    except OSError as error:
        return False, [_("I can't read {file}: {why}", file=str(file), why=error.strerror or "")]
    except ValueError:
        return False, [_("This is no result file or receipt of Minga, or it was cut off.")]
    if isinstance(found, OpenResult):
        return _open(found, asked=bool(held))
    return _secret(found, held)


def _open(found: OpenResult, *, asked: bool) -> tuple[bool, list[Line]]:
    """Check the result of an open vote."""
    findings = open_result_check.inspect(found)
    if asked:
        findings.append(bad(_("This was an open vote: it has no receipts.")))
    if _wrong(findings):
        return False, _refused(found, findings)
    beyond = open_result_check.beyond(found, _bot(found))
    return True, _report(found, open_result_check.said(found), findings, beyond)


def _secret(bundle: Bundle, held: Sequence[Evidence]) -> tuple[bool, list[Line]]:
    """Check the result of a secret ballot against the evidence people hold."""
    manifest, result = bundle.manifest, bundle.result
    findings = inspect(bundle)
    if not _wrong(findings):  # Nothing in a wrong file means anything.
        findings += [finding for one in held for finding in compare(bundle, one)]
    if _wrong(findings):
        return False, _refused(manifest, findings)
    counts = None if hides(result, manifest) else result.counts
    said = told(manifest, counts, result.outcome)
    turnout, size = result.turnout, result.roll_size
    said.append(_("{turnout} of {size} people voted.", turnout=turnout, size=size))
    lines = _report(manifest, said, findings, _beyond(bundle, asked=bool(held)))
    return all(f.weight is not Weight.GONE for f in findings), lines


def _wrong(findings: Sequence[Finding]) -> list[Line]:
    return [f.line for f in findings if f.weight is Weight.BAD]


def _head(found: Ruled) -> Line:
    return _("{number}: {question}", number=found.number, question=verbatim(found.question))


def _refused(found: Ruled, findings: Sequence[Finding]) -> list[Line]:
    wrong = [_("- {finding}", finding=line) for line in _wrong(findings)]
    return [_head(found), _("DO NOT TRUST THIS FILE:"), *wrong]


def _report(
    found: Ruled, said: Sequence[Line], findings: Sequence[Finding], beyond: Sequence[Line]
) -> list[Line]:
    asks = [f.line for f in findings if f.weight in (Weight.ASK, Weight.GONE)]
    lines = [_head(found), *said, _("The file is true in itself:")]
    lines += [_("- {finding}", finding=f.line) for f in findings if f.weight is Weight.FINE]
    if asks:
        lines.append(_("Only you can tell:"))
        lines += [_("- {finding}", finding=line) for line in asks]
    return [*lines, *beyond]


def _beyond(bundle: Bundle, *, asked: bool) -> list[Line]:
    """List what no file can show, and what a person can do about it."""
    manifest, result = bundle.manifest, bundle.result
    lines = [
        _("Compare with the room, so that nobody was shown another file:"),
        _(
            "- opening {opening}, result {result}",
            opening=fingerprint(manifest),
            result=fingerprint(result),
        ),
        _("- the key in {bot}'s `!status`: {key}", bot=_bot(bundle), key=manifest.key),
    ]
    if not asked:
        lines.append(_("Did your own vote count? Add: --receipt and your receipt."))
    if tells_all(result):
        lines.append(_("All voted alike, so the counts tell how each of them voted."))
    lines.append(_("It cannot tell whether a vote came late within the last hour: votes are dated"
                   " to the hour only."))  # fmt: skip
    lines.append(
        _("It cannot tell whether votes were added for people who did not vote.")
        if manifest.turnout == "count"
        else _("Who is named as having voted and did not: only they can tell.")
    )
    return lines


def _bot(found: Bundle | OpenResult) -> str:
    return str(found.certificate.get("user_id", "?"))


def _is_of_another_kind(text: str) -> bool:
    """Return whether it is signed, but not the result of one network's poll."""
    try:
        found = json.loads(text)
    except RecursionError:  # Deeper nesting than any file of the bot; the strict parser reports it.
        return False
    kind = str(found.get("type", "")) if isinstance(found, dict) else ""
    return kind.startswith("minga.joint")


def _is_file(given: str) -> bool:
    return "{" not in given


def _text(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(LARGEST).decode()
