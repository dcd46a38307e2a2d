"""Explains why a file of ours can't be read or written: the disk, the folder or the file.

The system's messages mislead: SQLite calls a full disk "I/O error" and a folder of another user
"unable to open". So the folder itself is examined.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import traceback
from collections.abc import Iterator
from pathlib import Path

from bot.i18n import ToldError, _
from bot.lines import Line
from storage.files.disk_thread import ThreadEnded

_FULL, _IO, _CANNOT_OPEN, _READ_ONLY, _PERMISSION = 13, 10, 14, 8, 3
_BUSY, _CORRUPT, _NOT_A_DATABASE = 5, 11, 26
_CORRUPT_INDEX = 267
"""Damage of a virtual table such as the search index, which can be rebuilt."""
LEAST_FREE_BYTES = 200 * 2**20
"""With less free space the operator is warned."""
_LEAST_FREE = 64 * 1024
"""With less free space SQLite can't even open a write-ahead log."""
_DISK = frozenset({_FULL, _IO, _CANNOT_OPEN, _READ_ONLY, _PERMISSION})
_FAILED = _DISK | {_CORRUPT, _NOT_A_DATABASE}
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_SYSTEM = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}
    | {errno.EIO, errno.ESTALE, errno.ENOTCONN, errno.ENXIO, errno.EFBIG}
)


class DatabaseDamaged(Exception):
    """A database can't be read although its key is right. Holds its path, if known."""


class DiskTrouble(ToldError):
    """The disk is full, or the folder is missing or closed to us. The message says what to do.

    Nothing that was committed is lost.
    """


def disk_cause(
    error: BaseException, place: Path | None = None
) -> DatabaseDamaged | DiskTrouble | None:
    """Return the disk or database error behind `error`, or None.

    `place` is the file or folder that was used, if known.
    """
    for one in _chain(error):
        if isinstance(one, DatabaseDamaged | DiskTrouble):
            return one
        code = getattr(one, "sqlite_errorcode", None)
        kind = code & 0xFF if isinstance(code, int) else None
        if kind in (_CORRUPT, _NOT_A_DATABASE) or _is_broken_page(one):
            return DatabaseDamaged(str(place) if place else "")
        full = kind == _FULL or (isinstance(one, OSError) and one.errno in _NO_ROOM)
        if full or kind in _DISK or (isinstance(one, OSError) and one.errno in _SYSTEM):
            named = getattr(one, "filename", None)
            where = place or (Path(named) if isinstance(named, str) else None)
            return DiskTrouble(_explain(where, full=full))
    return None


def database_failed(error: BaseException) -> bool:
    """Return whether the error means that the database's file, disk or thread failed, and not a
    query.

    Such an error ends the process, and what was not committed is read again at the next start.
    """
    if any(isinstance(one, ThreadEnded) or _is_broken_page(one) for one in _chain(error)):
        return True
    codes = (getattr(one, "sqlite_errorcode", None) for one in _chain(error))
    return any(
        isinstance(code, int) and code != _CORRUPT_INDEX and code & 0xFF in _FAILED
        for code in codes
    )


def is_locked(error: BaseException) -> bool:
    """Return whether another program has the database locked, and did not let go of it in time."""
    codes = (getattr(one, "sqlite_errorcode", None) for one in _chain(error))
    return any(isinstance(code, int) and code & 0xFF == _BUSY for code in codes)


def _is_broken_page(error: BaseException) -> bool:
    """Return whether SQLCipher could not read a page.

    It reports a page whose authentication fails as lack of memory, and Python then raises
    `MemoryError` with no code. Any other lack of memory does not come through our connection.
    """
    if not isinstance(error, MemoryError) or error.__traceback__ is None:
        return False
    files = (Path(f.f_code.co_filename) for f, _line in traceback.walk_tb(error.__traceback__))
    return any(file.parts[-2:] == ("storage", "connection.py") for file in files)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the error, its members and its causes, each once; causes may form a cycle."""
    seen: set[int] = set()
    waiting: list[BaseException] = [error]
    while waiting:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        inner = one.exceptions if isinstance(one, BaseExceptionGroup) else one.args
        linked = (*inner, one.__cause__, one.__context__)
        waiting += [other for other in linked if isinstance(other, BaseException)]


def _explain(place: Path | None, *, full: bool) -> Line:
    # os.path: pathlib raises where a folder above is closed to us
    folder = place.parent if place is not None and not os.path.isdir(place) else place  # noqa: PTH112
    name = folder or _("the data folder")
    if full or (folder is not None and is_full(folder)):
        return _(
            "The disk of {name} is full: nothing can be written, and nothing that was"
            " confirmed is lost. Make room, 200 MiB at least.",
            name=name,
        )
    if folder is None:
        return _("The data folder can't be read or written. See: minga doctor")
    return _explain_closed(folder) or (
        _(
            "{folder} can't be read or written (input/output error): look at its disk (dmesg).",
            folder=folder,
        )
    )


def unreadable_line(path: Path, error: OSError) -> Line:
    """Return a message about a file that this user can't read: who owns it, and what helps."""
    try:
        owner, me = path.stat().st_uid, os.geteuid()
    except OSError:
        closed = _explain_closed(path.parent)
    else:
        if owner != me and isinstance(error, PermissionError):
            return _(
                "{path} belongs to user {owner} and is closed to user {me}, as whom this runs."
                " Run it as that user, or give the file to this one: chown {me} {path}",
                path=path,
                owner=owner,
                me=me,
            )
        closed = None
    return closed or _(
        "{path} can't be read ({why}). Mend it: chmod 600 {path}", path=path, why=error.strerror
    )


def free_bytes(folder: Path) -> int:
    """Return how many bytes are free on the disk of `folder`; 0 if it can't be reached."""
    try:
        there = os.statvfs(folder)
    except OSError:
        return 0
    return there.f_bavail * there.f_frsize


def file_bytes(folder: Path) -> int:
    """Return the total size in bytes of the files in `folder`, without those in its folders.

    A file that is removed meanwhile counts as nothing.
    """
    total = 0
    for file in folder.glob("*"):
        with contextlib.suppress(FileNotFoundError):
            found = file.lstat()
            total += found.st_size if stat.S_ISREG(found.st_mode) else 0
    return total


def is_full(folder: Path) -> bool:
    """Return whether the folder's disk is full."""
    try:
        there = os.statvfs(folder)
    except OSError:
        return False
    return there.f_bavail * there.f_frsize < _LEAST_FREE


def _explain_closed(folder: Path) -> Line | None:
    try:
        owner, there = folder.stat().st_uid, os.statvfs(folder)
    except OSError:
        return _(
            "{folder} can't be reached: is its disk there, and may this user go in?", folder=folder
        )
    if there.f_flag & os.ST_RDONLY:
        return _(
            "{folder} is on a disk that is mounted read-only: mount it for writing.", folder=folder
        )
    me = os.geteuid()
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        if owner == me:
            return _(
                "{folder} may not be written, not even by its owner. Mend it: chmod 700 {folder}",
                folder=folder,
            )
        return _(
            "{folder} belongs to user {owner} and is closed to user {me}, as whom this"
            " runs. Run it as that user, or give the folder to this one: chown -R {me}"
            " {folder}",
            folder=folder,
            owner=owner,
            me=me,
        )
    return foreign_file(folder)


def foreign_file(folder: Path) -> Line | None:
    """Return a message about a file that is not owned by the folder's owner, or None."""
    owner = folder.stat().st_uid
    for file in sorted(folder.iterdir()):
        if file.is_file() and not file.is_symlink() and file.stat().st_uid != owner:
            return _(
                "{file} belongs to user {user}, its folder to user {owner}. Mend it:"
                " chown -R --reference={folder} {folder}",
                file=file,
                user=file.stat().st_uid,
                owner=owner,
                folder=folder,
            )
    return None


def hand_over_folder(folder: Path) -> None:
    """Give the files that root made in `folder` to the folder's owner.

    A folder that root made goes to its parent's owner. Links, and files with several names, are
    left alone.
    """
    if os.geteuid() != 0 or not folder.exists():
        return
    folder = folder.resolve()
    owner = folder.stat()
    if owner.st_uid == 0:
        owner = folder.parent.stat()
        if owner.st_uid == 0:
            return
        os.chown(folder, owner.st_uid, owner.st_gid, follow_symlinks=False)
    for file in folder.iterdir():
        give_file(file, owner)


def give_file(path: Path, owner: os.stat_result) -> None:
    """Give one folder or plain file of root to `owner`."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:  # a link, a socket, or gone
        return
    try:
        found = os.fstat(handle)
        plain = stat.S_ISREG(found.st_mode) and found.st_nlink == 1
        if found.st_uid == 0 and (plain or stat.S_ISDIR(found.st_mode)):
            os.fchown(handle, owner.st_uid, owner.st_gid)
    finally:
        os.close(handle)
