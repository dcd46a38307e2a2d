"""A lock, so that only one process uses a data folder. It ends with its process."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.i18n import ToldError, _
from bot.lines import Line

NAME = "minga.lock"


class FolderBusy(ToldError):
    """Another process of ours uses this folder."""


@contextmanager
def hold(data: Path) -> Iterator[None]:
    """Return a context in which no other process of ours can use the data folder. Raises
    `FolderBusy`."""
    with hold_file(data / NAME, _busy_line(data)):
        yield


@contextmanager
def hold_file(file: Path, busy: Line) -> Iterator[None]:
    """Return a context that holds a lock file, which stays there afterwards. Raises `FolderBusy`
    with the line `busy`."""
    file.touch(mode=0o600)
    with file.open("rb+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderBusy(busy) from None
        yield


def refuse_if_held(data: Path) -> None:
    """Raise `FolderBusy` if a bot uses this folder. Changes nothing."""
    if is_held(data):
        raise FolderBusy(_busy_line(data))


def is_held(data: Path, name: str = NAME) -> bool:
    """Return whether a process holds this folder's lock of that name. Changes nothing."""
    if not (data / name).exists():
        return False
    with (data / name).open("rb") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def folder_id(data: Path) -> str:
    """Return an id of this folder that a restart keeps and a copy does not."""
    file = data / NAME
    file.touch(mode=0o600)
    return str(file.stat().st_ino)


def known_folder_id(data: Path) -> str | None:
    """Return the id that `folder_id` would, or None where it would have to make one. Changes
    nothing."""
    file = data / NAME
    return str(file.stat().st_ino) if file.exists() else None


def _busy_line(data: Path) -> Line:
    return _("A bot is running on {data} already: stop it first, or let it be.", data=data)
