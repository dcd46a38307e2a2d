"""The tool `minga verify-result FILE`: what was decided, and is the file true?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import click
from pydantic import ConfigDict, Field, TypeAdapter

from bot.api import Catalogue, Line, Renderer, _
from commands.ballot_secrecy.files import signed_words
from commands.ballot_secrecy.files.evidence import Evidence, check_evidence, read_evidence
from commands.ballot_secrecy.files.formats import fingerprint
from commands.ballot_secrecy.files.result import Bundle, reveals_all_votes
from commands.ballot_secrecy.files.result_check import (
    CheckFinding,
    FindingWeight,
    inspect_bundle,
    wrong_finding,
)
from commands.ballot_secrecy.files.signed_outcome import SignedRule
from commands.ballot_secrecy.files.signed_words import Tell
from commands.decisions import open_result_check
from commands.decisions.declaration import feature
from commands.decisions.open_result import OpenResult, describe_open_result

LARGEST = 64 * 2**20
"""A larger file, in bytes, is no result of the bot."""
RESULT_ADAPTER: TypeAdapter[Bundle | OpenResult] = TypeAdapter(
    Annotated[Bundle | OpenResult, Field(discriminator="type")],
    config=ConfigDict(defer_build=True),
)
FOLDERS = Path(__file__).parents[2]
SPEAKERS = ("ballot_secrecy", "decisions", "decision_rules")
"""Whose sentences stand in a signed file."""
FILE_ARGUMENT = click.Argument(["file"], type=click.Path(path_type=Path, dir_okay=False))
RECEIPT_OPTION = click.Option(
    ["--receipt", "receipts"],
    multiple=True,
    metavar="FILE|TEXT",
    help=_("Your receipt, your place on the roll, the opening, or another copy of the file.").msgid,
)


@feature.tool(
    "verify-result",
    FILE_ARGUMENT,
    RECEIPT_OPTION,
    help=_("Check a signed result: FILE is what the room got. No network, no configuration."),
)
def verify(file: Path, receipts: Sequence[str]) -> tuple[bool, list[Line]] | None:
    """Check a signed result: FILE is what the room got. Return whether it is right and the lines
    that say so, or None for another kind of file. No network, no configuration."""
    try:
        text = _read_text(file)
        if _is_of_another_kind(text):
            return None
        found = RESULT_ADAPTER.validate_json(text)
        held = [read_evidence(_read_text(Path(r)) if _is_file(r) else r) for r in receipts]
    except OSError as error:
        return False, [_("I can't read {file}: {why}", file=str(file), why=error.strerror or "")]
    except ValueError:
        return False, [_("This is no result file or receipt of Minga, or it was cut off.")]
    if isinstance(found, OpenResult):
        return _check_open(found, asked=bool(held))
    return _check_secret(found, held)


def _check_open(found: OpenResult, *, asked: bool) -> tuple[bool, list[Line]]:
    """Check the result of an open vote."""
    findings = open_result_check.inspect_open_result(found)
    if asked:
        findings.append(wrong_finding(_("This was an open vote: it has no receipts.")))
    if _wrong_lines(findings):
        return False, _refusal_lines(found, findings)
    beyond = open_result_check.unverifiable_facts(found, _bot_address(found))
    said = [signed_words.head_line(found), *describe_open_result(found)]
    findings += signed_words.judge_words(found.words, said, _tell())
    return True, _report_lines(said, findings, beyond)


def _check_secret(bundle: Bundle, held: Sequence[Evidence]) -> tuple[bool, list[Line]]:
    """Check the result of a secret ballot against the evidence people hold."""
    manifest, result = bundle.manifest, bundle.result
    findings = inspect_bundle(bundle)
    if not _wrong_lines(findings):  # Nothing in a wrong file means anything.
        findings += [finding for one in held for finding in check_evidence(bundle, one)]
    shown = signed_words.with_added(manifest, result)
    if _wrong_lines(findings):
        return False, _refusal_lines(shown, findings)
    said = [signed_words.head_line(shown), *signed_words.describe_secret_result(manifest, result)]
    findings += signed_words.judge_words(result.words, said, _tell())
    lines = _report_lines(said, findings, _unverifiable_lines(bundle, asked=bool(held)))
    return all(f.weight is not FindingWeight.GONE for f in findings), lines


def _wrong_lines(findings: Sequence[CheckFinding]) -> list[Line]:
    return [f.line for f in findings if f.weight is FindingWeight.BAD]


def _tell() -> Tell:
    """Return what says lines in each language, as this version of the program says them."""
    folders = (FOLDERS / "bot", *(FOLDERS / "commands" / name for name in SPEAKERS))
    return signed_words.teller(Renderer(Catalogue.load(folders)))


def _refusal_lines(found: SignedRule, findings: Sequence[CheckFinding]) -> list[Line]:
    wrong = [_("- {finding}", finding=line) for line in _wrong_lines(findings)]
    return [signed_words.head_line(found), _("DO NOT TRUST THIS FILE:"), *wrong]


def _report_lines(
    said: Sequence[Line],
    findings: Sequence[CheckFinding],
    beyond: Sequence[Line],
) -> list[Line]:
    asks = [f.line for f in findings if f.weight in (FindingWeight.ASK, FindingWeight.GONE)]
    lines = [*said, _("The file is true in itself:")]
    lines += [_("- {finding}", finding=f.line) for f in findings if f.weight is FindingWeight.FINE]
    if asks:
        lines.append(_("Only you can tell:"))
        lines += [_("- {finding}", finding=line) for line in asks]
    return [*lines, *beyond]


def _unverifiable_lines(bundle: Bundle, *, asked: bool) -> list[Line]:
    """List what no file can show, and what a person can do about it."""
    manifest, result = bundle.manifest, bundle.result
    lines = [
        _(
            "Compare with `!minutes {number}` in the room, so that nobody was shown another file:",
            number=manifest.number,
        ),
        _(
            "- opening {opening}, result {result}",
            opening=fingerprint(manifest),
            result=fingerprint(result),
        ),
        _("- the key in {bot}'s `!status`: {key}", bot=_bot_address(bundle), key=manifest.key),
    ]
    if not asked:
        lines.append(_("Did your own vote count? Add: --receipt and your receipt."))
    if reveals_all_votes(result):
        lines.append(_("All who voted did it alike, so the counts tell how each of them voted."))
    lines.append(
        _(
            "It cannot tell whether a vote came late within the last hour: votes are dated"
            " to the hour only."
        )
    )
    lines.append(
        _("It cannot tell whether votes were added for people who did not vote.")
        if manifest.turnout == "count"
        else _("Who is named as having voted and did not: only they can tell.")
    )
    return lines


def _bot_address(found: Bundle | OpenResult) -> str:
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


def _read_text(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(LARGEST).decode()
