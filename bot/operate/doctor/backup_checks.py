"""The checks of `minga doctor` for the backups: how old the last one is, and where they go."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.i18n import _
from bot.operate.backups.config_section import BackupSection
from bot.operate.config import Config
from bot.operate.doctor.findings import Finding, bad_finding, fine_finding, note_finding
from storage.files import lock
from storage.files.backup_records import (
    LOCK,
    OLDEST_BACKUP,
    BackupError,
    is_backup,
    last_backup,
    refuse_beside,
)
from storage.files.schedule_state import ScheduleState

_BY_HAND = _("Make one each night: minga backup FILE")
_BY_ITSELF = _("The bot makes them while it runs: start it, or see its log: journalctl -u minga")


def check_backups(config: Config) -> Iterator[Finding]:
    """Yield findings about the last backup's time, backups that lie beside their data, and the
    target."""
    data = config.storage.data_dir
    yield from _beside_data(data)
    if config.backup.is_scheduled:
        yield from _target(config.backup, data)
    if not config.storage.has_data:
        return
    made, wanted = last_backup(data), config.backup
    cure = _BY_ITSELF if wanted.is_scheduled else _BY_HAND
    if made is None:
        yield note_finding(_("No backup was made here yet: minga backup FILE"))
    elif datetime.now(UTC) - made > _oldest(wanted):
        day = f"{made:%Y-%m-%d}"
        yield bad_finding(_("The last backup is of {day}. {cure}", day=day, cure=cure))
    else:
        yield fine_finding(_("The last backup is of {day}.", day=f"{made:%Y-%m-%d}"))


def check_schedule(config: Config, state: ScheduleState) -> Iterator[Finding]:
    """Yield a finding why the bot's last attempt to make a backup failed, if it did."""
    if not config.backup.is_scheduled or state.tried is None or state.failures == 0:
        return
    if lock.is_held(config.storage.data_dir, LOCK):
        yield note_finding(_("A backup is being made just now."))
        return
    yield bad_finding(
        _(
            "The bot's own backup fails (in a row: {count}, last on {at} UTC): {why}",
            count=state.failures,
            at=f"{state.tried:%Y-%m-%d %H:%M}",
            why=state.why,
        )
    )


def _beside_data(data: Path) -> Iterator[Finding]:
    for file in data.iterdir() if os.access(data, os.R_OK) else ():
        if is_backup(file):
            yield bad_finding(
                _(
                    "{file} is a backup and lies beside its data: what takes the one takes the"
                    " other. Move it to another disk: mv {file} /another/disk/",
                    file=file,
                )
            )


def _oldest(wanted: BackupSection) -> timedelta:
    """Return how old the last backup may be: with a schedule, at most as long as two of its steps.

    Never older than what monitoring and `!status` call old.
    """
    steps = timedelta(hours=2 * (wanted.every_hours or 24))
    return min(steps, OLDEST_BACKUP) if wanted.is_scheduled else OLDEST_BACKUP


def _target(wanted: BackupSection, data: Path) -> Iterator[Finding]:
    """Report a folder or a command that can't take backups."""
    if wanted.command:
        if shutil.which(wanted.command[0]) is None:
            yield bad_finding(
                _(
                    "backup.command: there is no program {name} here, or it may not be run.",
                    name=wanted.command[0],
                )
            )
        return
    folder = wanted.folder
    if folder is None:
        return
    if not folder.is_dir():
        yield bad_finding(
            _(
                "backup.folder: there is no folder {folder}. Make it: mkdir -m 700 {folder}",
                folder=folder,
            )
        )
        return
    try:
        refuse_beside(data, folder / "file")
    except BackupError:
        yield bad_finding(_("backup.folder is the folder of the data: name one on another disk."))
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        yield bad_finding(
            _(
                "backup.folder: {folder} may not be written by user {user}. Give it to this user:"
                " chown {user} {folder}",
                folder=folder,
                user=os.geteuid(),
            )
        )
    elif data.exists() and folder.stat().st_dev == data.stat().st_dev:
        yield note_finding(
            _(
                "{folder} is on the same disk as the data: copy the backups to another machine"
                " too.",
                folder=folder,
            )
        )
