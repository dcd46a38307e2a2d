"""Files that hold secrets: nobody else may read them, and they are whole or not there."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path
from typing import BinaryIO

from bot.i18n import ToldError, _
from storage.files.disk import unreadable_line


class SecretError(ToldError):
    """A secret is missing, readable by others or wrong. The message says what to do."""


def exists(path: Path) -> bool:
    """Return whether a file exists. Raises `SecretError` if this user may not know."""
    try:
        return path.exists()
    except OSError as error:
        raise SecretError(unreadable_line(path, error)) from None


def read_secret(path: Path) -> bytes:
    """Return the content of a secret's file. Raises `SecretError` if other users can read it."""
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise SecretError(_("{path} is not a file.", path=path))
        if not is_private(path, mode):
            raise SecretError(
                _("Others on this machine can read {path}. Mend it: chmod 600 {path}", path=path)
            )
        text = path.read_bytes()
    except FileNotFoundError:
        raise SecretError(_("{path} is missing.", path=path)) from None
    except OSError as error:
        raise SecretError(unreadable_line(path, error)) from None
    if not text.strip():
        raise SecretError(_("{path} is empty.", path=path))
    return text


def is_private(path: Path, mode: int) -> bool:
    """Return whether only the owner can access the file.

    systemd grants a service its credentials by an ACL, which shows as group bits; their folder
    keeps everybody else out (systemd.exec(5)).
    """
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if folder and path.parent == Path(folder):
        return not (mode & 0o007 and path.parent.stat().st_mode & 0o007)
    return not mode & 0o077


def write_secret(path: Path, text: bytes) -> None:
    """Write a new durable file with mode 0600. Raises `FileExistsError`."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        temporary.touch(mode=0o600, exist_ok=False)
        with temporary.open("wb") as file:
            file.write(text)
            sync_file(file)
        place_new(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def write_anew(path: Path, content: bytes, like: os.stat_result | None = None) -> None:
    """Write a file with mode 0600, or with mode and owner of `like`; earlier content is lost.

    Not at once: use a name at which nobody looks yet.
    """
    path.unlink(missing_ok=True)
    path.touch(mode=0o600, exist_ok=False)
    with path.open("wb") as file:
        file.write(content)
        if like is not None:
            if os.geteuid() == 0:
                os.fchown(file.fileno(), like.st_uid, like.st_gid)
            os.fchmod(file.fileno(), stat.S_IMODE(like.st_mode))
        sync_file(file)


def replace_file(path: Path, content: bytes, like: os.stat_result | None = None) -> None:
    """Replace a file's content at once: after a crash it is the old or the new one. Mode as
    `write_anew`.

    One caller at a time: what a crash leaves beside it, the next one replaces.
    """
    temporary = new_beside(path)
    try:
        write_anew(temporary, content, like)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def new_beside(path: Path) -> Path:
    """Return the name, in the same folder, of the file that is to replace this one."""
    return path.with_name(f".{path.name}.new")


def place_new(temporary: Path, path: Path) -> None:
    """Rename a finished file to its final name. Raises `FileExistsError` if the name is taken."""
    try:
        os.link(temporary, path)  # unlike a rename, it never replaces a file
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if path.exists():
            raise FileExistsError(str(path)) from None
        temporary.rename(path)


def sync_file(file: BinaryIO) -> None:
    """Flush the file's content to disk."""
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Flush new and renamed entries of `folder` to disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_private_folder(folder: Path, *, tighten: bool = True) -> None:
    """Create `folder` with mode 0700, or set that mode if it exists. Raises `SecretError`."""
    if not folder.exists():
        folder.mkdir(mode=0o700, parents=True)
        return
    mode = folder.stat().st_mode
    if not tighten or not mode & 0o077:
        return
    try:
        folder.chmod(0o700)
    except PermissionError:
        if mode & 0o007:
            raise SecretError(
                _(
                    "Others on this machine can look into {folder}. Mend it: chmod 700 {folder}",
                    folder=folder,
                )
            ) from None
