"""Destroys the keys of the databases for good.

The header is always ours and holds a live salt, which is in no backup and without which neither key
file nor passphrase opens anything here. The key file may not be ours (systemd passes a copy). Old
blocks of an SSD and copies made earlier are beyond reach (docs/operating.md).
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from pathlib import Path

from storage.encryption.key_change import former_key, kept_keys
from storage.encryption.key_header import read_header
from storage.encryption.keys import DATABASE, HEADER, KEY_STORE
from storage.encryption.secret_files import SecretError, sync_file, sync_folder, write_secret
from storage.files.backup_records import LAST_BACKUP, LOCK
from storage.files.upgrade_copies import ROLLING_BACK, UNFINISHED, kept_copies

TOMBSTONE = "destroyed"
UNFINISHED_SPLIT = ".split-"
"""What folders are called in which a section of the network is being cut out."""
_BEGUN, _DONE = b"begun\n", b"done\n"


def overwrite_keys(data: Path, key_file: Path, *others: Path) -> bool:
    """Destroy the keys, former ones too, which can't be undone; call `remove_databases` next.

    `others`: files of more secrets, such as passphrases. Return whether the key file and these were
    destroyed too.
    """
    tomb = data / TOMBSTONE
    if not tomb.exists():
        write_secret(tomb, _BEGUN)
    former = _former_key_file(data)
    for split in data.glob(f"{UNFINISHED_SPLIT}*"):  # its key lies elsewhere
        overwrite_file(split / HEADER)
    overwrite_file(data / HEADER)
    kept = (key_file, *former, *others)
    kept = (*kept, *(one for file in kept for one in kept_keys(file)))
    left = [file for file in kept if not _is_overwritten(file)]
    return not left


def _former_key_file(data: Path) -> tuple[Path, ...]:
    """Return the file of the key before this one, if the header tells of one."""
    with contextlib.suppress(SecretError):
        former = former_key(read_header(data) or {})
        return (Path(former.file),) if former is not None and former.file else ()
    return ()


def remove_databases(data: Path) -> None:
    """Delete the closed databases, and the note of when a backup was made.

    Backups in the folder stay.
    """
    names = (DATABASE, KEY_STORE, LAST_BACKUP, LOCK, ".backup-", ".restore-")
    copies = [
        [one.path for one in kept_copies(data)],
        *(data.glob(f"{name}*") for name in (*names, UNFINISHED, ROLLING_BACK)),
    ]
    for found in copies:
        for path in found:
            with contextlib.suppress(OSError):  # without its key it is unreadable anyway
                os.truncate(path, 0)
                path.unlink()
    for split in data.glob(f"{UNFINISHED_SPLIT}*"):
        shutil.rmtree(split, ignore_errors=True)
    with (data / TOMBSTONE).open("wb") as file:
        file.write(_DONE)
        sync_file(file)
    sync_folder(data)


def is_destroyed(data: Path, key_file: Path, *others: Path) -> bool:
    """Return whether the keys were destroyed; a destruction that was interrupted is finished
    first."""
    tomb = data / TOMBSTONE
    if not tomb.exists():
        return False
    if tomb.read_bytes() != _DONE:
        overwrite_keys(data, key_file, *others)
        remove_databases(data)
    return True


def _is_overwritten(path: Path) -> bool:
    """Destroy a file that may not be ours, or is read-only. Return whether that worked."""
    try:
        overwrite_file(path)
    except OSError:
        return False
    return True


def overwrite_file(path: Path) -> None:
    """Overwrite a file with random bytes on disk, then delete it."""
    if not path.exists():
        return
    with path.open("r+b") as file:
        file.write(secrets.token_bytes(os.fstat(file.fileno()).st_size))
        sync_file(file)
    path.unlink()
    sync_folder(path.parent)
