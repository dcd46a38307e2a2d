"""Read and write files below an open folder, whole or not at all, and through no link."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from commands.public_site import paths

LONGEST_LINE = 256 * 1024
NEW = ".minga-new"
"""A file that is being written."""


def is_full(error: OSError) -> bool:
    """Return whether the disk, or what we may have of it, has no room left."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def open_folder(folder: Path) -> Iterator[int]:
    """Open the folder for us alone. Raises `BlockingIOError` if another process has it."""
    top = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(top, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if isinstance(error, BlockingIOError):
                raise  # any other: a file system without locks
        yield top
    finally:
        os.close(top)


@contextmanager
def open_parent(top: int, path: str, *, make: bool) -> Iterator[tuple[int, str]]:
    """Open the folder that a file lies in, through no link. Yield it with the file's name."""
    if not (paths.is_path(path) or not paths.is_logged(path)):
        raise OSError(f"{path} is no path of a site")
    *folders, name = path.split("/")
    at = os.dup(top)
    try:
        for folder in folders:
            if make:
                with suppress(FileExistsError):
                    os.mkdir(folder, 0o755, dir_fd=at)
            inner = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=at)
            os.close(at)
            at = inner
        yield at, name
    finally:
        os.close(at)


def put_file(top: int, path: str, content: bytes | None) -> None:
    """Write a file whole or not at all, or take it away."""
    if content is None:
        with suppress(FileNotFoundError), open_parent(top, path, make=False) as (parent, name):
            os.unlink(name, dir_fd=parent)
        return
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    number = os.open(NEW, flags, 0o644, dir_fd=top)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(number)
        with open_parent(top, path, make=True) as (parent, name):
            os.rename(NEW, name, src_dir_fd=top, dst_dir_fd=parent)
    except OSError:  # on a full disk what was written in part would take the room
        os.unlink(NEW, dir_fd=top)
        raise


def write_tail(top: int, path: str, begin: int, text: bytes) -> None:
    """Write the text behind the first `begin` bytes of a file, in place of all that follows them.

    Cut off on its way, it leaves the text there in part.
    """
    with open_parent(top, path, make=True) as (parent, name):
        flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        number = os.open(name, flags, 0o644, dir_fd=parent)
        with os.fdopen(number, "wb") as file:
            file.seek(begin)
            file.write(text)
            file.flush()
            os.ftruncate(number, begin + len(text))
            os.fsync(number)
        os.fsync(parent)


def sync_folders(top: int, files: Iterable[str]) -> None:
    """Have the disk keep the names of these files."""
    for path in {path.rpartition("/")[0]: path for path in files if "/" in path}.values():
        with suppress(FileNotFoundError), open_parent(top, path, make=False) as (parent, _name):
            os.fsync(parent)


def read_file(top: int, path: str, most: int, begin: int = 0) -> bytes | None:
    """Return the bytes of a file up to the place `most`, or None if there is no such file."""
    try:
        with open_parent(top, path, make=False) as (parent, name):
            number = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=parent)
    except FileNotFoundError:
        return None
    with os.fdopen(number, "rb") as file:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            return None
        file.seek(begin)
        return file.read(most - begin)


def read_line(top: int, path: str, begin: int) -> bytes:
    """Return the whole line that begins there, without its end; nothing if there is none."""
    found = read_file(top, path, begin + LONGEST_LINE, begin) or b""
    line, end, _rest = found.partition(b"\n")
    return line if end else b""
