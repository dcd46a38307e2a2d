"""A folder that does not answer takes one thread, keeps nobody waiting, and is told of."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.capability import prefetch
from bot.testing.talk import Talk
from commands.publishing.places import rendering, write_job
from commands.publishing.places.tests.folder_world import (
    contents,
    faults,
    publish,
    talk_with_folder,
)

AGAIN = timedelta(minutes=5)


class Disk:
    """A file system from afar. Calls of the function `hangs` return only while it answers.

    The bot is impatient only while it hangs: a busy machine is slow too.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answers, self.calls, self.hangs = threading.Event(), 0, "bring_up"
        self._monkeypatch, self._patience = monkeypatch, prefetch.PATIENCE
        self.answers.set()

    def hang(self) -> None:
        self._monkeypatch.setattr(prefetch, "PATIENCE", 0.2)
        self.answers.clear()

    def answer(self) -> None:
        self._monkeypatch.setattr(prefetch, "PATIENCE", self._patience)
        self.answers.set()

    def wait(self, name: str) -> None:
        if name != self.hangs:
            return
        self.calls += 1
        assert self.answers.wait(30)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    disk = Disk(monkeypatch)
    for module, name in ((write_job, "bring_up"), (rendering, "read_sources")):
        monkeypatch.setattr(module, name, hanging(disk, getattr(module, name)))
    yield disk
    disk.answer()


def hanging(disk: Disk, call: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def run(asked: Any) -> Any:
        disk.wait(call.__name__)
        return call(asked)

    return run


async def come_back(disk: Disk, folder: Path) -> None:
    """Have the call that hangs return, and wait for it."""
    disk.answer()
    for thread in threads_of(folder):
        thread.join(10)


def threads_of(folder: Path) -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name == f"folder {folder.name}"]


async def test_a_folder_that_hangs_takes_one_thread_and_is_told_once(
    talk: Talk, tmp_path: Path, disk: Disk
) -> None:
    folder = tmp_path / "public"
    await publish(talk, 1, "Marcha")
    await talk.said()
    disk.hang()
    calls = disk.calls
    await publish(talk, 2, "Taller")
    for _try in range(6):
        await talk.wait(AGAIN)
    assert disk.calls == calls + 1 and len(threads_of(folder)) == 1
    told = [post.plain for post in await talk.said() if "no puedo escribir" in post.plain.lower()]
    assert len(told) == 1, told
    await come_back(disk, folder)
    await talk.wait(AGAIN)
    assert faults(folder) == [] and "es/event-2.html" in contents(folder)


async def test_templates_that_hang_or_are_closed_do_not_keep_back_what_is_withdrawn(
    tmp_path: Path, disk: Disk
) -> None:
    own = tmp_path / "templates"
    own.mkdir()
    (own / "style.css").write_text("body { color: teal }")
    async with talk_with_folder(tmp_path, templates=own) as talk:
        page = tmp_path / "public/es/event-1.html"
        await publish(talk, 1, "Marcha")
        assert "teal" in page.read_text() and "Marcha" in page.read_text()
        disk.hangs = "read_sources"
        disk.hang()
        await talk.says("ana", "!retirar 1")
        await talk.wait(AGAIN)
        await talk.wait(AGAIN)
        assert "teal" not in page.read_text() and "Marcha" not in page.read_text()
        await come_back(disk, own)
        await publish(talk, 2, "Taller")
        assert "teal" in page.read_text() and faults(tmp_path / "public") == []
        (own / "style.css").unlink()
        (own / "style.css").write_bytes(b"\xff")
        await publish(talk, 3, "Feria")
        assert "teal" not in page.read_text() and faults(tmp_path / "public") == []
