"""Read a log that anybody may have tampered with: signatures, chain, and what it says of files."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path

from pydantic import ValidationError

from bot.api import Line, _, certifying_key
from commands.public_site import paths
from commands.public_site.log.entries import NO_HASH, LogEnd, SiteCopy, SiteEntry, SiteHead
from commands.public_site.published import documents

LARGEST_HEAD, LARGEST_LINE, LARGEST_COPY = 64 * 1024, 256 * 1024, 16 * 2**20
"""Bytes of a head, of an entry, and of what a copy says of itself."""
MOST_PATHS = 2_000_000
"""Files of a site."""
_SEGMENT = re.compile(r"[0-9]{6}\.jsonl")


class BrokenLog(Exception):
    """The log is not what the bot wrote. `line` says where and why."""

    def __init__(self, line: Line) -> None:
        super().__init__(line.in_english())
        self.line = line


@dataclass(slots=True)
class LogState:
    """What a whole log says.

    `files`: the hash of each file that lies there now. `public`: kinds of items by number.
    """

    files: dict[str, str] = field(default_factory=dict)
    public: dict[int, documents.Kind] = field(default_factory=dict)
    withdrawn: set[int] = field(default_factory=set)
    end: LogEnd = field(default_factory=LogEnd)
    begun: int = 0
    """When the first entry was written, seconds since 1970 (UTC)."""
    sought: str = ""
    """The hash of the entry that was asked for."""


def open_regular(path: Path) -> BufferedReader:
    """Open a file and return it, if it is neither a link nor a device or pipe. Raises `OSError`."""
    number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise OSError(f"{path.name} is no file")
    return os.fdopen(number, "rb")


def read_head(path: Path) -> SiteHead:
    """Return the signed end of a public site's log. Raises `BrokenLog` unless its key is vouched
    for."""
    name = path.name
    try:
        with open_regular(path) as file:
            head = SiteHead.model_validate_json(file.read(LARGEST_HEAD))
        fits = head.is_signed(head.key)
        vouched = certifying_key(head.certificate, head.key)
    except (OSError, ValidationError, ValueError) as error:
        raise BrokenLog(_("{file} can't be read, or it is none of mine.", file=name)) from error
    if not fits:
        raise BrokenLog(_("{file}: its signature does not fit.", file=name))
    if vouched is None:
        raise BrokenLog(_("{file}: no bot's identity vouches for its key.", file=name))
    return head


def read_copy(path: Path, head: SiteHead) -> frozenset[str] | None:
    """Return which files a copy of the public site says it holds, or None if it says nothing of
    itself.

    What is said of another end of the log does not count. Raises `BrokenLog` if others said it.
    """
    if not os.path.lexists(path):
        return None
    try:
        with open_regular(path) as file:
            copy = SiteCopy.model_validate_json(file.read(LARGEST_COPY))
    except (OSError, ValidationError) as error:
        raise BrokenLog(
            _("{file} can't be read, or it is none of mine.", file=path.name)
        ) from error
    if not copy.is_signed(head.key):
        raise BrokenLog(_("{file}: its signature does not fit.", file=path.name))
    return frozenset(copy.holds) if copy.entry == head.entry else None


def read_log(folder: Path, key: str, sought: int = 0) -> LogState:
    """Return the hashes of all files that the log in a public site's folder names. `sought`: the
    entry whose hash is wanted too.

    Raises `BrokenLog` for the first entry that is not signed by `key` or does not follow on the one
    before it.
    """
    state = LogState()
    at = 0
    for place, line in _lines(folder / "log"):
        entry = _parse(line, place)
        _check_entry(entry, state.end, at, place, key)
        at = entry.at
        state.begun = state.begun or at
        state.end = LogEnd(entry.seq, entry.hash)
        if entry.seq == sought:
            state.sought = entry.hash
        _take_in(state, entry)
    return state


def _lines(folder: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the number that each entry must have, and its line."""
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    number = 0
    for name in names:
        if not _SEGMENT.fullmatch(name) or paths.segment(number + 1) != f"log/{name}":
            raise BrokenLog(_("log/{file} is not what follows in the log.", file=shown(name)))
        with _open_segment(folder / name) as file:
            while line := file.readline(LARGEST_LINE):
                number += 1
                if paths.segment(number) != f"log/{name}" or not line.endswith(b"\n"):
                    raise BrokenLog(_("The log is cut or glued at entry {number}.", number=number))
                yield number, line


def _open_segment(path: Path) -> BufferedReader:
    try:
        return open_regular(path)
    except OSError as error:
        raise BrokenLog(_("log/{file} can't be read.", file=shown(path.name))) from error


def _parse(line: bytes, place: int) -> SiteEntry:
    try:
        entry = SiteEntry.model_validate_json(line)
    except ValidationError as error:
        raise BrokenLog(_("Entry {number} of the log can't be read.", number=place)) from error
    if not all(map(paths.is_path, entry.files)) or not all(map(paths.is_logged, entry.files)):
        raise BrokenLog(_("Entry {number} names a path that no site has.", number=place))
    return entry


def _check_entry(entry: SiteEntry, end: LogEnd, at: int, place: int, key: str) -> None:
    """Raise `BrokenLog` unless the entry stands where it belongs and the bot signed it."""
    if not entry.is_signed(key):
        raise BrokenLog(_("Entry {number} is not signed with the key of the head.", number=place))
    if entry.seq != place:
        raise BrokenLog(
            _("Where entry {number} must be stands {other}.", number=place, other=entry.seq)
        )
    if entry.previous != (end.hash if end.seq else NO_HASH) or entry.at < at:
        raise BrokenLog(_("Entry {number} does not follow on the one before it.", number=place))


def _take_in(state: LogState, entry: SiteEntry) -> None:
    for path, found in entry.files.items():
        if found:
            state.files[path] = found
        else:
            state.files.pop(path, None)
    if len(state.files) > MOST_PATHS:
        raise BrokenLog(_("The log names more files than any site has."))
    for change in entry.changes:
        if change.what == "withdrawn":
            state.withdrawn.add(change.number)
            state.public.pop(change.number, None)
        else:
            state.public[change.number] = change.kind
            state.withdrawn.discard(change.number)


def shown(name: str) -> str:
    """Return a file name from somebody's disk to print: bytes that are no UTF-8 replaced by `?`, at
    most 200 letters."""
    return name.encode(errors="replace").decode()[:200]
