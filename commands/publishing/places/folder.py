"""The folder on the disk: held against the log, and brought up to it. It runs in a thread.

Nothing is written through a link, nothing is deleted that the log does not name, and no entry of
the log is ever replaced by another one.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from bot.api import Signer
from commands.public_site import paths
from commands.public_site.log.entries import (
    NO_HASH,
    LogEnd,
    SiteEntry,
    SiteHead,
    file_hash,
    make_head,
)

LARGEST_LINE, LARGEST_HEAD = 256 * 1024, 64 * 1024
LARGEST_SEGMENT = 64 * 2**20
MOST_TAKEN = 500
"""Entries that are taken over from a folder at once."""
NEW = ".minga-new"
"""A file that is being written."""
_LEFT_ALONE = frozenset((NEW, "lost+found"))

State = Literal["written", "ahead", "behind", "foreign", "forked", "busy", "away", "full"]


@dataclass(frozen=True, slots=True)
class LoggedLine:
    """An entry of the log as our books have it. `ends`: where its line ends in its file."""

    seq: int
    at: int
    hash: str
    line: str
    ends: int


@dataclass(frozen=True, slots=True)
class FolderPlan:
    """What the folder should become. `written`: the last entry that stands in it by our books.

    `lines`: those behind it. `files`: what they name and is not there yet, None to take it away.
    """

    folder: Path
    signer: Signer
    written: LoggedLine | None
    lines: Sequence[LoggedLine]
    files: Mapping[str, bytes | None]


@dataclass(frozen=True, slots=True)
class FolderState:
    """What the folder was found to be, or became.

    `written`: all of the plan stands there. `ahead`: its log has `entries` that our books lack.
    `behind`: something of what we wrote is gone. `foreign`: it is somebody else's, or unknown.
    `forked`: its log has other entries of ours than the books. `busy`: somebody else writes there.
    `away`: it can't be reached or written. `full`: its disk is. `why` is the system's short reason.
    """

    state: State
    entries: tuple[SiteEntry, ...] = ()
    why: str = ""


class _Found(Exception):
    """What the folder is instead of what our books say."""

    def __init__(self, state: State, entries: Sequence[SiteEntry] = (), why: str = "") -> None:
        super().__init__(state)
        self.found = FolderState(state, tuple(entries), why)


def bring_up(plan: FolderPlan) -> FolderState:
    """Write the files that the public folder lacks, unless it differs from the log that we stored.
    Never raises `OSError`."""
    try:
        with _opened(plan.folder) as top:
            with suppress(FileNotFoundError):
                os.unlink(NEW, dir_fd=top)
            _hold_against(plan, top)
            for path, content in sorted(plan.files.items()):
                _put(top, path, content)
            _sync_folders(top, plan.files)
            _append(top, plan)
            if plan.lines:
                _write_head(top, plan)
            os.fsync(top)
    except _Found as found:
        return found.found
    except BlockingIOError:
        return FolderState("busy")
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        return FolderState("full" if full else "away", why=error.strerror or "")
    return FolderState("written")


def changed_paths(folder: Path, expected: Mapping[str, str]) -> list[str]:
    """Return which of these files are missing from the folder or have another SHA-256. Never raises
    `OSError`."""
    wrong = []
    try:
        with _opened(folder) as top:
            for path, sha256 in expected.items():
                try:
                    content = _read(top, path, 512 * 2**20)
                except OSError:
                    content = None
                if content is None or file_hash(content) != sha256:
                    wrong.append(path)
    except OSError:
        return []
    return wrong


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
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


# --- what is there ------------------------------------------------------------------------------


def _hold_against(plan: FolderPlan, top: int) -> None:
    """Raise `_Found` unless the folder is what our books say, or stands between two writes."""
    names = {entry.name for entry in os.scandir(top)} - _LEFT_ALONE
    head = _read_head(top) if paths.HEAD in names else None
    if head is not None and head.key != plan.signer.public:
        raise _Found("foreign")
    if plan.written is None and not names:
        return
    if plan.written is not None and (head is None or not _holds(top, plan.written)):
        if names and head is None and not _is_ours(top, plan):
            raise _Found("foreign")
        raise _Found("forked" if _is_forked(top, plan, plan.written) else "behind")
    if plan.written is None and head is None and not _is_ours(top, plan):
        raise _Found("foreign")
    _compare_tail(plan, top)


def _is_ours(top: int, plan: FolderPlan) -> bool:
    """Return whether the log begins with an entry that we signed."""
    begin = _read(top, paths.segment(1), LARGEST_LINE)
    first = _parse((begin or b"").partition(b"\n")[0])
    return first is not None and first.is_signed(plan.signer.public)


def _holds(top: int, one: LoggedLine) -> bool:
    """Return whether this entry stands in the folder's log where it should."""
    line = one.line.encode() + b"\n"
    begin = one.ends - len(line)
    return _read(top, paths.segment(one.seq), one.ends, begin) == line


def _is_forked(top: int, plan: FolderPlan, ours: LoggedLine) -> bool:
    """Return whether the folder's log has another entry of ours with the same number."""
    text = _read(top, paths.segment(ours.seq), LARGEST_SEGMENT) or b""
    for line in text.split(b"\n"):
        entry = _parse(line)
        if entry is not None and entry.seq == ours.seq and entry.hash != ours.hash:
            return entry.is_signed(plan.signer.public)
    return False


def _compare_tail(plan: FolderPlan, top: int) -> None:
    """Raise `_Found` if the folder's log goes on with entries that our books lack."""
    end, known = _end_of(plan.written), {one.seq: one for one in plan.lines}
    offset = plan.written.ends if plan.written else 0
    taken: list[SiteEntry] = []
    while len(taken) < MOST_TAKEN:
        if end.seq and paths.segment(end.seq + 1) != paths.segment(end.seq):
            offset = 0
        line = _read_line(top, paths.segment(end.seq + 1), offset)
        entry = _parse(line)
        if entry is None or not _follows(entry, end, plan.signer.public):
            break
        ours = known.get(entry.seq)
        if ours is not None and ours.hash != entry.hash:
            raise _Found("forked")
        if ours is None:
            taken.append(entry)
        end, offset = LogEnd(entry.seq, entry.hash), offset + len(line) + 1
    if taken:
        raise _Found("ahead", taken)


def _follows(entry: SiteEntry, end: LogEnd, key: str) -> bool:
    before = end.hash if end.seq else NO_HASH
    return entry.seq == end.seq + 1 and entry.previous == before and entry.is_signed(key)


def _end_of(one: LoggedLine | None) -> LogEnd:
    return LogEnd(one.seq, one.hash) if one else LogEnd()


def _parse(line: bytes) -> SiteEntry | None:
    try:
        return SiteEntry.model_validate_json(line)
    except ValidationError:
        return None


def _read_head(top: int) -> SiteHead | None:
    """Return the folder's head, or None if it is none."""
    try:
        head = SiteHead.model_validate_json(_read(top, paths.HEAD, LARGEST_HEAD) or b"")
    except ValidationError:
        return None
    return head if head.is_signed(head.key) else None


def _read(top: int, path: str, most: int, begin: int = 0) -> bytes | None:
    """Return the bytes of a file up to the place `most`, or None if there is no such file."""
    try:
        with _parent(top, path, make=False) as (parent, name):
            number = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=parent)
    except FileNotFoundError:
        return None
    with os.fdopen(number, "rb") as file:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            return None
        file.seek(begin)
        return file.read(most - begin)


def _read_line(top: int, path: str, begin: int) -> bytes:
    """Return the whole line that begins there, without its end; nothing if there is none."""
    found = _read(top, path, begin + LARGEST_LINE, begin) or b""
    line, end, _rest = found.partition(b"\n")
    return line if end else b""


# --- writing ------------------------------------------------------------------------------------


@contextmanager
def _parent(top: int, path: str, *, make: bool) -> Iterator[tuple[int, str]]:
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


def _put(top: int, path: str, content: bytes | None) -> None:
    """Write a file whole or not at all, or take it away."""
    if content is None:
        with suppress(FileNotFoundError), _parent(top, path, make=False) as (parent, name):
            os.unlink(name, dir_fd=parent)
        return
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    number = os.open(NEW, flags, 0o644, dir_fd=top)
    with os.fdopen(number, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(number)
    with _parent(top, path, make=True) as (parent, name):
        os.rename(NEW, name, src_dir_fd=top, dst_dir_fd=parent)


def _sync_folders(top: int, files: Mapping[str, bytes | None]) -> None:
    """Have the disk keep the names of these files."""
    for path in {path.rpartition("/")[0]: path for path in files if "/" in path}.values():
        with suppress(FileNotFoundError), _parent(top, path, make=False) as (parent, _name):
            os.fsync(parent)


def _append(top: int, plan: FolderPlan) -> None:
    """Write the new entries behind the old ones; what stood there in part is written whole."""
    by_file: dict[str, list[LoggedLine]] = {}
    for one in plan.lines:
        by_file.setdefault(paths.segment(one.seq), []).append(one)
    for path, lines in by_file.items():
        text = "".join(f"{one.line}\n" for one in lines).encode()
        begin = lines[-1].ends - len(text)
        with _parent(top, path, make=True) as (parent, name):
            flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
            number = os.open(name, flags, 0o644, dir_fd=parent)
            with os.fdopen(number, "wb") as file:
                file.seek(begin)
                file.write(text)
                file.truncate()
                file.flush()
                os.fsync(number)
            os.fsync(parent)


def _write_head(top: int, plan: FolderPlan) -> None:
    last = plan.lines[-1]
    head = make_head(LogEnd(last.seq, last.hash), last.at, plan.signer)
    _put(top, paths.HEAD, head.to_json().encode())
