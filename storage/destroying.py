"""What opens the databases is destroyed, so that nobody can read them any more, and it is known.

Of the key file nothing need be left to destroy (systemd gives us only a copy of it): the header has
a live salt, which stands in no backup and without which the key file or the passphrase opens
nothing here, and it is always ours. What an
SSD keeps of an overwritten file, and who copied it before, is beyond us (docs/operating.md).
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from storage.keys import DATABASE, HEADER, KEY_STORE, sync_file, sync_folder, write_secret

TOMBSTONE = "destroyed"
_BEGUN, _DONE = b"begun\n", b"done\n"


def destroy(data: Path, key_file: Path) -> bool:
    """Destroy the keys; `clear` follows. From the first line on there is no way back.

    Was the key file ours to destroy as well?
    """
    tomb = data / TOMBSTONE
    if not tomb.exists():
        write_secret(tomb, _BEGUN)
    _overwrite(data / HEADER)
    try:
        _overwrite(key_file)
    except OSError:  # another's file, or read-only
        return False
    return True


def clear(data: Path) -> None:
    """Remove what the keys opened, once nobody has it open: noise, but nobody needs it.

    Backups that somebody keeps here are theirs, and stay.
    """
    for name in (DATABASE, KEY_STORE, ".backup-", ".restore-"):
        for path in data.glob(f"{name}*"):
            with contextlib.suppress(OSError):  # what cannot be removed cannot be read either
                os.truncate(path, 0)
                path.unlink()
    with (data / TOMBSTONE).open("wb") as file:
        file.write(_DONE)
        sync_file(file)
    sync_folder(data)


def is_destroyed(data: Path, key_file: Path) -> bool:
    """Finishes what a power cut interrupted; what was put there after that is left alone."""
    tomb = data / TOMBSTONE
    if not tomb.exists():
        return False
    if tomb.read_bytes() != _DONE:
        destroy(data, key_file)
        clear(data)
    return True


def _overwrite(path: Path) -> None:
    """Random bytes over it, on the disk, before its name goes."""
    if not path.exists():
        return
    with path.open("r+b") as file:
        file.write(secrets.token_bytes(os.fstat(file.fileno()).st_size))
        sync_file(file)
    path.unlink()
    sync_folder(path.parent)
