"""The bot is killed at any step of writing the folder; it goes on with its books, or older ones."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.testing.talk import Talk
from commands.publishing.places import folder as folder_module
from commands.publishing.places import folder_files
from commands.publishing.places.tests.folder_world import (
    NOW,
    contents,
    faults,
    publish,
    talk_with_folder,
)

SHARE = 1 if os.environ.get("MINGA_FULL") == "1" else 9
"""Of how many moments one is tried, behind the first."""
FIRST = 4
"""Moments that are always tried: those in which the log grows."""
LOG = "log/000001.jsonl"
CHANGES = frozenset(("open", "fdopen", "mkdir", "unlink", "rename", "ftruncate", "fsync"))
ACTS = {
    "begins": (["!publicar 1", "sí"], "Marcha"),
    "adds": (["!evento Feria en 90 horas lugar: Plaza", "!publicar 3", "sí"], "Feria"),
    "withdraws": (["!retirar 1"], "Marcha"),
}
"""What people say, and the word that comes into the folder by it, or leaves it."""


class WatchedSystem:
    """Stands for `os`: copies folder and books before each call that changes something on the disk.

    What a kill leaves is what stands there before the next call.
    """

    def __init__(self, path: Path, kept: Path) -> None:
        self._path, self._kept = path, kept
        self.moments: list[Path] = []
        self._last: dict[str, bytes] | None = None

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        return self._watch(real) if name in CHANGES else real

    def _watch(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **more: Any) -> Any:
            self.keep()
            return real(*args, **more)

        return call

    def keep(self) -> None:
        """Copy what is there, unless it is as it was before; and with a log cut off in its last
        line, if it grew."""
        now = contents(self._path / "public")
        now |= {f"{path}/": b"" for path in (self._path / "public").rglob("*") if path.is_dir()}
        if now == self._last:
            return
        grown = self._last is not None and LOG in self._last and now[LOG] != self._last[LOG]
        self._last = now
        if grown:
            self._copy(cut=100)
        self._copy()

    def _copy(self, cut: int = 0) -> None:
        moment = self._kept / str(len(self.moments))
        shutil.copytree(self._path, moment)
        if cut:
            log = moment / "public" / LOG
            log.write_bytes(log.read_bytes()[:-cut])
        self.moments.append(moment)


async def prepare(path: Path, act: str) -> None:
    """Have two things public, or just written down where the folder is to begin with them."""
    async with talk_with_folder(path) as talk:
        if act == "begins":
            await talk.says("ana", "!evento Marcha en 50 horas lugar: Plaza")
            return
        await publish(talk, 1, "Marcha")
        await publish(talk, 2, "Taller")


@pytest.mark.parametrize("act", ACTS)
async def test_whatever_is_cut_off_no_page_stays_that_the_log_does_not_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    path, before, kept = tmp_path / "bot", tmp_path / "before", tmp_path / "moments"
    path.mkdir()
    await prepare(path, act)
    shutil.copytree(path, before)
    said, word = ACTS[act]
    async with talk_with_folder(path, later=1_000) as talk:
        for line in said:
            await talk.says("ana", line)
        system = WatchedSystem(path, kept)
        with monkeypatch.context() as patched:
            patched.setattr(folder_module, "os", system)
            patched.setattr(folder_files, "os", system)
            await talk.wait(NOW)
        system.keep()
    assert faults(path / "public") == [] and len(system.moments) > 15
    before_it = whole_lines(contents(before / "public"))
    for moment in [*system.moments[:FIRST], *system.moments[FIRST::SHARE]]:
        was = contents(moment / "public")
        put(moment, path)
        async with talk_with_folder(path, later=2_000) as talk:
            await talk.wait(NOW)
            check_whole(path, was)
            assert (word in shown(path)) == (act != "withdraws")
        put(before, path, moment)
        async with talk_with_folder(path, later=2_000) as talk:
            await restore(talk)
            check_whole(path, was)
            assert (word in shown(path)) == (act == "withdraws" and whole_lines(was) == before_it)


def put(books: Path, path: Path, folder: Path | None = None) -> None:
    """Put these books in the place of the bot's, with the folder that lies beside them or beside
    others."""
    shutil.rmtree(path)
    shutil.copytree(books, path)
    if folder is not None:
        shutil.rmtree(path / "public")
        shutil.copytree(folder / "public", path / "public")


async def restore(talk: Talk) -> None:
    """Go on with these books as after `minga restore`."""
    await talk.restore_backup()
    await talk.restart(timedelta(minutes=1))
    for _round in range(3):
        await talk.wait(NOW)


def shown(path: Path) -> str:
    """Return all that everybody reads in the folder."""
    return b"".join(contents(path / "public").values()).decode(errors="replace")


def whole_lines(files: dict[str, bytes]) -> bytes:
    """Return the lines of the log that were written to their end."""
    return files.get(LOG, b"").rpartition(b"\n")[0]


def check_whole(path: Path, was: dict[str, bytes]) -> None:
    """Assert that the folder is what its log says, which goes on from where it was."""
    folder = path / "public"
    assert not (folder / folder_files.NEW).exists()
    if not contents(folder):
        return
    assert faults(folder) == []
    assert (folder / LOG).read_bytes().startswith(whole_lines(was))
