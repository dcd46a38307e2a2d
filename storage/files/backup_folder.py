"""The folder of the backups that the bot makes by itself: their names, and which of them go.

Only files are removed that have such a name, begin as a backup does, and bear this bot's mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from storage.files.backup_format import read_backup_info
from storage.files.backup_records import BackupError

_NAME = re.compile(r"minga-\d{8}T\d{6}Z\.backup")
MOST_AT_ONCE = 3
_UNFINISHED = re.compile(r"\.minga-\d{8}T\d{6}Z\.backup\.[0-9a-f]{8}")


def backup_name(at: datetime) -> str:
    """Return the file name of a backup made at this instant (UTC)."""
    return f"minga-{at:%Y%m%dT%H%M%SZ}.backup"


def remove_old(
    folder: Path, mark: bytes, now: datetime, *, keep_days: int, keep_files: int | None
) -> int:
    """Remove own backups older than so many days or beyond so many files, and unfinished ones.

    The newest stays in any case, and a few go at once, lest a clock that jumped ahead takes all
    within a night. One that claims to be of the future counts as the oldest: the clock was ahead
    then, and what is made now must not go before it. Returns how many were removed. Raises
    `OSError`. Call it only while no backup of this bot is being made.
    """
    whole = sorted(
        _own(folder, _NAME, mark), key=lambda found: (found[0] <= now, found[0]), reverse=True
    )
    oldest = now - timedelta(days=keep_days)
    most = keep_files or len(whole)
    old = [
        file
        for place, (made, file) in enumerate(whole)
        if place and (made < oldest or place >= most)
    ]
    gone = [*old[-MOST_AT_ONCE:], *(file for _made, file in _own(folder, _UNFINISHED, mark))]
    for file in gone:
        file.unlink(missing_ok=True)
    return len(gone)


def _own(folder: Path, name: re.Pattern[str], mark: bytes) -> Iterator[tuple[datetime, Path]]:
    """Yield own plain files of such a name, and when each was made."""
    for file in folder.iterdir():
        if not name.fullmatch(file.name) or file.is_symlink() or not file.is_file():
            continue
        try:
            info = read_backup_info(file)
        except BackupError:
            continue
        if info.is_marked(mark):
            yield info.made, file
