"""The checks of `minga doctor` for a change of the key: whether all of it is done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.i18n import _
from bot.operate.doctor.findings import Finding, bad_finding, note_finding
from storage.encryption.key_change import former_key, pending_change
from storage.encryption.key_header import read_header
from storage.encryption.secret_files import SecretError, exists
from storage.files.backup_records import last_backup


def check_key(data: Path, *, has_own_key: bool) -> Iterator[Finding]:
    """Yield findings about leftovers of a change of the key, for data that the configured key
    opens.

    `has_own_key`: backups open with another key, so that one from before the change still does.
    """
    header = read_header(data)
    if header is None:
        return
    if pending_change(data) is not None:
        yield bad_finding(
            _(
                "A change of the key was interrupted before it began: key {id} opens all as before."
                " To make it: minga change-key",
                id=header["id"],
            )
        )
    former = former_key(header)
    if former is None:
        return
    if former.unwanted and former.file and _may_exist(Path(former.file)):
        yield bad_finding(
            _(
                "The old key {id} was to be destroyed and still is in {file}: delete that file.",
                id=former.id,
                file=former.file,
            )
        )
    made = last_backup(data)
    if made is not None and made < former.ended:
        told = _(
            "The last backup is from before key {new}: if it has no key of its own, it opens"
            " only with the old key {id}. Make a new one: minga backup",
            id=former.id,
            new=header["id"],
        )
        yield note_finding(told) if has_own_key else bad_finding(told)


def _may_exist(file: Path) -> bool:
    """Return whether a file is there, also if this user can't know."""
    try:
        return exists(file)
    except SecretError:
        return True
