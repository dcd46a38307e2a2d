"""The checks of `minga doctor` for the folder of what is public, and for own templates."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from bot.i18n import _
from bot.operate.config import Config
from bot.operate.doctor.findings import Finding, bad_finding, fine_finding

_HEAD = "head.json"


def check_publishing(config: Config) -> Iterator[Finding]:
    """Yield findings on whether the public folder can be written, and on templates that can't be
    used."""
    from bot.capability.discovery import features

    wanted = config.publishing
    if wanted.folder is not None:
        yield _check_folder(wanted.folder, config.storage.data_dir)
    if wanted.templates is None:
        return
    if not wanted.templates.is_dir():
        yield bad_finding(
            _("publishing.templates: there is no folder {folder}.", folder=wanted.templates)
        )
        return
    for feature in features():
        for check in feature.template_checks:
            yield from map(bad_finding, check(wanted.templates))


def _check_folder(folder: Path, data: Path) -> Finding:
    if not folder.is_dir():
        return bad_finding(
            _(
                "publishing.folder: there is no folder {folder}. Make it: mkdir -m 755 {folder}",
                folder=folder,
            )
        )
    inner, outer = folder.resolve(), data.resolve()
    if inner.is_relative_to(outer) or outer.is_relative_to(inner):
        return bad_finding(
            _("publishing.folder: {folder} and the data's folder lie in each other.", folder=folder)
        )
    if folder.stat().st_mode & stat.S_IWOTH:
        return bad_finding(
            _(
                "publishing.folder: everybody here may write into {folder}: chmod o-w {folder}",
                folder=folder,
            )
        )
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return bad_finding(
            _(
                "publishing.folder: {folder} may not be written by user {user}. Give it to this"
                " user: chown {user} {folder}",
                folder=folder,
                user=os.geteuid(),
            )
        )
    strange = [one.name for one in folder.iterdir() if one.name != "lost+found"]
    if strange and not (folder / _HEAD).is_file():
        return bad_finding(
            _(
                "publishing.folder: {folder} holds what is not the bot's, so it writes nothing"
                " there. Name an empty folder.",
                folder=folder,
            )
        )
    return fine_finding(_("What is public can be written into {folder}.", folder=folder))
