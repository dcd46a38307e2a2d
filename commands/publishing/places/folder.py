"""The folder on the disk: held against the log, and brought up to it. It runs in a thread.

Nothing is written through a link, nothing is deleted that the log does not name, and no entry of
the log is ever replaced by another one.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
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
from commands.publishing.places.folder_files import (
    LONGEST_LINE,
    NEW,
    is_full,
    open_folder,
    open_parent,
    put_file,
    read_file,
    read_line,
    sync_folders,
    write_tail,
)

LARGEST_HEAD = 64 * 1024
LARGEST_SEGMENT = 64 * 2**20
MOST_TAKEN = 500
"""Entries that are taken over from a folder at once."""
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


def log_end(last: LoggedLine | None) -> LogEnd:
    """Return the end of a log whose last line this is. None: it is empty."""
    return LogEnd(last.seq, last.hash) if last else LogEnd()


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
    """Write what the public folder lacks, unless it differs from the log that we stored. Never
    raises `OSError`.

    The log is first and its head last: wherever it is cut off, no file stands there that the log
    does not name, and other books than these see from it that more was being written.
    """
    try:
        with open_folder(plan.folder) as top:
            with suppress(FileNotFoundError):
                os.unlink(NEW, dir_fd=top)
            _hold_against(plan, top)
            if plan.lines:
                _write_with_room(top, plan)
            elif plan.written:
                _cut_tail(top, plan.written)
    except _Found as found:
        return found.found
    except BlockingIOError:
        return FolderState("busy")
    except OSError as error:
        return FolderState("full" if is_full(error) else "away", why=error.strerror or "")
    return FolderState("written")


def changed_paths(folder: Path, expected: Mapping[str, str]) -> list[str]:
    """Return which of these files are missing from the folder or have another SHA-256. Never raises
    `OSError`."""
    wrong = []
    try:
        with open_folder(folder) as top:
            for path, sha256 in expected.items():
                try:
                    content = read_file(top, path, 512 * 2**20)
                except OSError:
                    content = None
                if content is None or file_hash(content) != sha256:
                    wrong.append(path)
    except OSError:
        return []
    return wrong


# --- what is there ------------------------------------------------------------------------------


def _hold_against(plan: FolderPlan, top: int) -> None:
    """Raise `_Found` unless the folder is what our books say, or stands between two writes."""
    names = _names(top)
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


def _names(top: int) -> set[str]:
    """Return what lies in the folder, but for what a write leaves there that was cut off before its
    first entry."""
    names = {entry.name for entry in os.scandir(top)} - _LEFT_ALONE
    first = paths.segment(1)
    if names != {first.partition("/")[0]}:
        return names
    with open_parent(top, first, make=False) as (parent, _name):
        return names if list(os.scandir(parent)) else set()


def _is_ours(top: int, plan: FolderPlan) -> bool:
    """Return whether the log begins with an entry that we signed."""
    begin = read_file(top, paths.segment(1), LONGEST_LINE)
    first = _parse((begin or b"").partition(b"\n")[0])
    return first is not None and first.is_signed(plan.signer.public)


def _holds(top: int, one: LoggedLine) -> bool:
    """Return whether this entry stands in the folder's log where it should."""
    line = one.line.encode() + b"\n"
    begin = one.ends - len(line)
    return read_file(top, paths.segment(one.seq), one.ends, begin) == line


def _is_forked(top: int, plan: FolderPlan, ours: LoggedLine) -> bool:
    """Return whether the folder's log has another entry of ours with the same number."""
    text = read_file(top, paths.segment(ours.seq), LARGEST_SEGMENT) or b""
    for line in text.split(b"\n"):
        entry = _parse(line)
        if entry is not None and entry.seq == ours.seq and entry.hash != ours.hash:
            return entry.is_signed(plan.signer.public)
    return False


def _compare_tail(plan: FolderPlan, top: int) -> None:
    """Raise `_Found` if the folder's log goes on with entries that our books lack."""
    end, known = log_end(plan.written), {one.seq: one for one in plan.lines}
    offset = plan.written.ends if plan.written else 0
    taken: list[SiteEntry] = []
    while len(taken) < MOST_TAKEN:
        if end.seq and paths.segment(end.seq + 1) != paths.segment(end.seq):
            offset = 0
        line = read_line(top, paths.segment(end.seq + 1), offset)
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


def _parse(line: bytes) -> SiteEntry | None:
    try:
        return SiteEntry.model_validate_json(line)
    except ValidationError:
        return None


def _read_head(top: int) -> SiteHead | None:
    """Return the folder's head, or None if it is none."""
    try:
        head = SiteHead.model_validate_json(read_file(top, paths.HEAD, LARGEST_HEAD) or b"")
    except ValidationError:
        return None
    return head if head.is_signed(head.key) else None


# --- writing ------------------------------------------------------------------------------------


def _write_with_room(top: int, plan: FolderPlan) -> None:
    """Write what the plan names. If something is taken back by it and the disk is full, the old
    files go first: they would stay as they were for want of room for the new ones."""
    try:
        _write(top, plan)
    except OSError as error:
        if not (is_full(error) and _takes_back(plan)):
            raise
        for path in plan.files:
            put_file(top, path, None)
        sync_folders(top, plan.files)
        os.fsync(top)
        _write(top, plan)


def _takes_back(plan: FolderPlan) -> bool:
    """Return whether something of what stands there may be withdrawn by these lines."""
    entries = filter(None, (_parse(one.line.encode()) for one in plan.lines))
    return any(change.what != "published" for one in entries for change in one.changes)


def _write(top: int, plan: FolderPlan) -> None:
    _append(top, plan)
    for path, content in sorted(plan.files.items()):
        put_file(top, path, content)
    sync_folders(top, plan.files)
    last = plan.lines[-1]
    head = make_head(log_end(last), last.at, plan.signer)
    put_file(top, paths.HEAD, head.to_json().encode())
    os.fsync(top)


def _append(top: int, plan: FolderPlan) -> None:
    """Write the new entries behind the old ones; what stood there in part is written whole."""
    by_file: dict[str, list[LoggedLine]] = {}
    for one in plan.lines:
        by_file.setdefault(paths.segment(one.seq), []).append(one)
    for path, lines in by_file.items():
        text = "".join(f"{one.line}\n" for one in lines).encode()
        ends = lines[-1].ends
        if ends == len(text):  # whole, so that its first line is never there in part
            put_file(top, path, text)
            sync_folders(top, [path])
            continue
        write_tail(top, path, ends - len(text), text)
    os.fsync(top)


def _cut_tail(top: int, last: LoggedLine) -> None:
    """Take away what other books than these began to write behind the last entry."""
    segment = paths.segment(last.seq)
    if read_file(top, segment, last.ends + 1, last.ends):
        write_tail(top, segment, last.ends, b"")
