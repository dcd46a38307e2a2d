"""The tool `minga verify-folder FOLDER`: is all of it as the network wrote it?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.api import Line, Moment, _, fingerprint
from commands.public_site.declaration import feature
from commands.public_site.log.entries import SiteHead
from commands.public_site.log.folder_check import FolderCheck, check_folder

MOST_NAMED = 20
"""Faults that are named one by one."""
FOLDER = click.Argument(["folder"], type=click.Path(path_type=Path, file_okay=False))
EARLIER = click.Option(
    ["--earlier"],
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=_("A head.json of this site that you kept before.").msgid,
)


@feature.tool(
    "verify-folder",
    FOLDER,
    EARLIER,
    help=_("Check a folder of what a network made public: signatures, the log, every file."),
)
def verify(folder: Path, earlier: Path | None) -> tuple[bool, list[Line]]:
    """Check a folder of what a network made public: signatures, the log, every file. Return whether
    all is right, and the lines that say so."""
    try:
        check = check_folder(folder, earlier)
    except OSError as error:
        why = error.strerror or ""
        return False, [_("I can't read {file}: {why}", file=str(folder), why=why)]
    if check.wrong or check.head is None:
        return False, _refusal_lines(check.wrong)
    return True, _report_lines(check, check.head, with_earlier=earlier is not None)


def _refusal_lines(wrong: Sequence[Line]) -> list[Line]:
    named = list(wrong[:MOST_NAMED])
    if (more := len(wrong) - MOST_NAMED) > 0:
        named.append(_("and others: {count}", count=more))
    return [_("DO NOT TRUST THIS FOLDER:"), *_listed(named)]


def _report_lines(check: FolderCheck, head: SiteHead, *, with_earlier: bool) -> list[Line]:
    return [
        _("The folder is as the network wrote it:"),
        *_listed(_what_holds(check, head, with_earlier=with_earlier)),
        _("Compare with what others have, so that nobody was shown another folder:"),
        _("- entry {number}: {code}", number=head.seq, code=fingerprint(head.entry[:20].upper())),
        _(
            "- the key in {bot}'s `!status`: {key}",
            bot=str(head.certificate.get("user_id", "?")),
            key=head.key,
        ),
    ]


def _what_holds(check: FolderCheck, head: SiteHead, *, with_earlier: bool) -> list[Line]:
    state, left_out = check.state, check.left_out
    left = _("Not in this copy, as the bot says that made it: {count}", count=left_out)
    decisions = list(state.public.values()).count("decision")
    return [
        _("Files that are what the log says: {count}", count=len(state.files) - left_out),
        *([left] if left_out else []),
        _(
            "Entries of the log, each signed: {count}, from {first} to {last}",
            count=state.end.seq,
            first=_moment(state.begun),
            last=_moment(head.at),
        ),
        _(
            "Public: {count}, taken back: {withdrawn}",
            count=len(state.public),
            withdrawn=len(state.withdrawn),
        ),
        _("Decisions among what is public: {count}", count=decisions),
        _("The earlier head stands in the log: nothing before it was rewritten.")
        if with_earlier
        else _("Keep head.json: later, `--earlier` shows whether the past was rewritten."),
    ]


def _listed(lines: Sequence[Line]) -> list[Line]:
    return [_("- {finding}", finding=line) for line in lines]


def _moment(at: int) -> Moment:
    return Moment(datetime.fromtimestamp(min(at, 2**37), UTC))
