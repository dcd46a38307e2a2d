"""When the last backup of a data folder was made, which files are backups, and where none goes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.i18n import ToldError, _

ANY_MAGIC = b"MINGA-BACKUP "
MAGIC, OLD_MAGIC = ANY_MAGIC + b"2\n", ANY_MAGIC + b"1\n"
"""The first bytes of a backup, and of one that knew no other recipient than the root key."""
LOCK = "backup.lock"
"""A file in the data folder that is locked while a backup is made of it."""
LAST_BACKUP = "last-backup"
"""An empty file in the data folder, as old as the last backup that was made of it."""
OLDEST_BACKUP = timedelta(days=8)
"""With no backup as new as this the operator is warned."""


class BackupError(ToldError):
    """Nothing was made or changed. The message says why."""


def refuse_beside(data: Path, target: Path) -> None:
    """Raise `BackupError` if the backup `target` would lie in the very folder that is backed up."""
    if target.parent.resolve() == data.resolve():
        raise BackupError(
            _(
                "{target} would lie beside its data: what takes the one takes the other. Name a"
                " file on another disk.",
                target=target,
            )
        )


def note_backup(data: Path) -> None:
    """Store that a backup of `data` was made just now."""
    (data / LAST_BACKUP).touch(mode=0o600)


def last_backup(data: Path) -> datetime | None:
    """Return when the last backup of `data` was made (UTC), or None if none was."""
    file = data / LAST_BACKUP
    return datetime.fromtimestamp(file.stat().st_mtime, UTC) if file.exists() else None


def is_backup(file: Path) -> bool:
    """Return whether this file is a backup of ours. False also where it can't be read."""
    try:
        with file.open("rb") as opened:
            return opened.read(len(ANY_MAGIC)) == ANY_MAGIC
    except OSError:
        return False
