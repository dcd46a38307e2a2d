"""`minga verify-result FILE`: what was decided, is the file true, and what can't it tell?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from bot.api import Line, _, verbatim
from commands.polls.base import feature
from commands.polls.secret.counting import told
from commands.polls.secret.personal import compare, read_evidence
from commands.polls.secret.result import Bundle, tells_too_much, withheld
from commands.polls.secret.signed import fingerprint
from commands.polls.secret.verify import Finding, Weight, inspect

LARGEST = 64 * 2**20
"""A file of more bytes is no result of ours."""
FILE = click.Argument(["file"], type=click.Path(path_type=Path, dir_okay=False))
RECEIPT = click.Option(
    ["--receipt", "receipts"],
    multiple=True,
    metavar="FILE|TEXT",
    help="Your receipt, your place on the roll, the opening, or another copy of the file.",
)


@feature.tool("verify-result", FILE, RECEIPT)
def verify(file: Path, receipts: Sequence[str]) -> tuple[bool, list[Line]]:
    """Check a signed result: FILE is what the room got. No network, no configuration."""
    try:
        bundle = Bundle.model_validate_json(_text(file))
        held = [read_evidence(_text(Path(r)) if _is_file(r) else r) for r in receipts]
    except OSError as error:
        return False, [_("I can't read {file}: {why}", file=str(file), why=error.strerror or "")]
    except ValueError:
        return False, [_("This is no result file or receipt of Minga, or it was cut off.")]
    findings = inspect(bundle)
    if all(f.weight is not Weight.BAD for f in findings):  # else nothing in it means anything
        findings += [finding for one in held for finding in compare(bundle, one)]
    return _report(bundle, findings, asked=bool(held))


def _report(bundle: Bundle, findings: list[Finding], *, asked: bool) -> tuple[bool, list[Line]]:
    wrong = [f.line for f in findings if f.weight is Weight.BAD]
    asks = [f.line for f in findings if f.weight in (Weight.ASK, Weight.GONE)]
    lines = [_("{number}: {question}", number=bundle.manifest.number, question=_question(bundle))]
    if wrong:
        lines.append(_("DO NOT TRUST THIS FILE:"))
        lines += [_("- {finding}", finding=line) for line in wrong]
        return False, lines
    counts = None if withheld(bundle.manifest, bundle.result.turnout) else bundle.result.counts
    lines += told(bundle.manifest, counts, bundle.result.outcome)
    turnout, size = bundle.result.turnout, bundle.result.roll_size
    lines.append(_("{turnout} of {size} people voted.", turnout=turnout, size=size))
    lines.append(_("The file is true in itself:"))
    lines += [_("- {finding}", finding=f.line) for f in findings if f.weight is Weight.FINE]
    if asks:
        lines.append(_("Only you can tell:"))
        lines += [_("- {finding}", finding=line) for line in asks]
    lines += _beyond(bundle, asked=asked)
    return all(f.weight is not Weight.GONE for f in findings), lines


def _beyond(bundle: Bundle, *, asked: bool) -> list[Line]:
    """What no file can tell, and what a person can do about it."""
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
    if tells_too_much(manifest, result.turnout, result.counts):
        lines.append(_("So few voted, or all alike, that the counts tell how people voted."))
    lines.append(
        _("It cannot tell whether votes were added for people who did not vote.")
        if manifest.turnout == "count"
        else _("Who is named as having voted and did not: only they can tell.")
    )
    return lines


def _question(bundle: Bundle) -> Line:
    return verbatim(bundle.manifest.question)


def _bot(bundle: Bundle) -> str:
    return str(bundle.certificate.get("user_id", "?"))


def _is_file(given: str) -> bool:
    return "{" not in given


def _text(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(LARGEST).decode()
