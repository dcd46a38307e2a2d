"""Hold a folder of the site against its log, and against an earlier end of it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.api import Line, _
from commands.public_site import paths
from commands.public_site.log.chain_check import (
    BrokenLog,
    LogState,
    open_regular,
    read_copy,
    read_head,
    read_log,
    shown,
)
from commands.public_site.log.entries import SiteHead

LARGEST_FILE = 256 * 2**20
"""Bytes; nothing larger is published."""
MOST_DEEP = 3
"""Folders in each other; the site has two."""


@dataclass(slots=True)
class FolderCheck:
    """What was found: `wrong` is empty if all holds. `head` is None if it can't be believed.

    `left_out`: how many files are not in this copy, as the bot says that made it.
    """

    wrong: list[Line] = field(default_factory=list)
    head: SiteHead | None = None
    left_out: int = 0
    state: LogState = field(default_factory=LogState)


def check_folder(folder: Path, earlier: Path | None = None) -> FolderCheck:
    """Return findings on a public site's folder: signatures, chain and every file. `earlier`: a
    `head.json` that was kept before."""
    check = FolderCheck()
    try:
        before = read_head(earlier) if earlier else None
        head = check.head = read_head(folder / paths.HEAD)
        if before and before.key != head.key:
            raise BrokenLog(
                _("The earlier head was signed with another key: {key}", key=before.key)
            )
        check.state = read_log(folder, head.key, before.seq if before else 0)
        held = read_copy(folder / paths.COPY, head)
    except BrokenLog as broken:
        check.wrong.append(broken.line)
        return check
    check.wrong += _end_faults(check.state, head, before)
    check.wrong += _file_faults(check, folder, held)
    return check


def _end_faults(state: LogState, head: SiteHead, before: SiteHead | None) -> Iterator[Line]:
    if (state.end.seq, state.end.hash) != (head.seq, head.entry):
        yield _(
            "The log ends with entry {found}, but its head names entry {number}.",
            found=state.end.seq,
            number=head.seq,
        )
    if before and before.seq > state.end.seq:
        yield _(
            "The earlier head names entry {number}; this log ends with {found}: rolled back.",
            number=before.seq,
            found=state.end.seq,
        )
    elif before and before.entry != (state.sought or state.end.hash):
        yield _("Entry {number} was another one in the earlier head.", number=before.seq)


def _file_faults(check: FolderCheck, folder: Path, held: frozenset[str] | None) -> Iterator[Line]:
    """Yield what is wrong with the files: changed, added, or missing ones.

    `held`: those that a copy has, if it says so. Others are counted as left out.
    """
    logged = check.state.files
    missing = set(logged)
    for path in _walk(folder):
        name = path.relative_to(folder).as_posix()
        if not paths.is_logged(name) and not path.is_symlink():
            continue
        missing.discard(name)
        if path.is_symlink() or not path.is_file():
            yield _("{file} is a link or no file: nothing of it was read.", file=shown(name))
        elif name not in logged:
            yield _("{file} was added: the log does not know it.", file=shown(name))
        elif (found := _hash(path)) is None:
            yield _("{file} can't be read, or it is too large.", file=name)
        elif found != logged[name]:
            yield _("{file} was changed: it is not what the log says.", file=name)
    if held is not None:
        check.left_out = len(missing - held)
        missing &= held
    for name in sorted(missing):
        yield _("{file} is missing.", file=name)


def _walk(folder: Path, deep: int = 0) -> Iterator[Path]:
    """Yield everything in the folder but folders, by name; links are not followed."""
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda one: one.name)
    for entry in entries:
        path = folder / entry.name
        if entry.is_dir(follow_symlinks=False) and deep < MOST_DEEP:
            yield from _walk(path, deep + 1)
        else:
            yield path


def _hash(path: Path) -> str | None:
    try:
        with open_regular(path) as file:
            if os.fstat(file.fileno()).st_size > LARGEST_FILE:
                return None
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
