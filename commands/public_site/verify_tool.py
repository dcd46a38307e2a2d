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
    """Check a folder of what a network made public: signatures, the log, every file."""
    try:
        check = check_folder(folder, earlier)
    except OSError as error:
        why = error.strerror or ""
        return False, [_("I can't read {file}: {why}", file=str(folder), why=why)]
    if check.wrong or check.head is None:
        return False, _refusal_lines(check.wrong)
    return True, _report_lines(check, check.head, with_earlier=earlier is not None)


def _refusal_lines(wrong: Sequence[Line]) -> list[Line]:
    lines = [_("DO NOT TRUST THIS FOLDER:")]
    lines += [_("- {finding}", finding=line) for line in wrong[:MOST_NAMED]]
    if more := len(wrong) - MOST_NAMED:
        lines += [_("- and {count} more", count=more)] if more > 0 else []
    return lines


def _report_lines(check: FolderCheck, head: SiteHead, *, with_earlier: bool) -> list[Line]:
    state = check.state
    return [
        _("The folder is as the network wrote it:"),
        _("- files that are what the log says: {count}", count=len(state.files) - check.left_out),
        *_copy_lines(check),
        _(
            "- entries of the log, each signed: {count}, from {first} to {last}",
            count=state.end.seq,
            first=_moment(state.begun),
            last=_moment(head.at),
        ),
        _(
            "- public: {count}, taken back: {withdrawn}",
            count=len(state.public),
            withdrawn=len(state.withdrawn),
        ),
        _("- the earlier head stands in the log: nothing before it was rewritten")
        if with_earlier
        else _("- Keep head.json: later, `--earlier` shows whether the past was rewritten."),
        _("Compare with what others have, so that nobody was shown another folder:"),
        _("- entry {number}: {code}", number=head.seq, code=fingerprint(head.entry[:20].upper())),
        _(
            "- the key in {bot}'s `!status`: {key}",
            bot=str(head.certificate.get("user_id", "?")),
            key=head.key,
        ),
    ]


def _copy_lines(check: FolderCheck) -> list[Line]:
    if not check.left_out:
        return []
    return [_("- not in this copy, as the bot says that made it: {count}", count=check.left_out)]


def _moment(at: int) -> Moment:
    return Moment(datetime.fromtimestamp(min(at, 2**37), UTC))
