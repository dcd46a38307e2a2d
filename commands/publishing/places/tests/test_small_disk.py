"""A disk that is really full: the folder is a file system of its own, with no room left on it.

Only root may mount one. For anybody else a counted size stands in for it, as the test's name says.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.testing.talk import Talk
from commands.publishing.places import folder as folder_module
from commands.publishing.places.folder_files import NEW, put_file
from commands.publishing.places.tests.folder_world import NOW, contents, faults, publish
from commands.publishing.places.tests.test_gone_everywhere import holding

SIZE = 4 * 2**20
LEFT = 8 * 1024
"""Bytes that are left when it is nearly full: some of the files of one write, not all."""


def blocks(content: bytes) -> int:
    """Return how many bytes a file takes on a disk."""
    return -(-len(content) // 4096) * 4096


def used(folder: Path) -> int:
    """Return how many bytes the files of the folder take."""
    return sum(map(blocks, contents(folder).values()))


def run(program: str, *words: str) -> None:
    """Run a program of the system."""
    path = shutil.which(program)
    assert path is not None, program
    subprocess.run([path, *words], check=True)  # noqa: S603


@pytest.fixture(params=["mounted" if os.geteuid() == 0 else "counted"])
def folder(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """The folder, of `SIZE` bytes."""
    folder = tmp_path / "public"
    folder.mkdir()
    if request.param == "mounted":
        options = f"size={SIZE},mode=700"
        run("mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder))
        yield folder
        run("umount", str(folder))
        return
    put = put_file

    def put_counted(top: int, path: str, content: bytes | None) -> None:
        if used(folder) + blocks(content or b"") > SIZE:
            raise OSError(28, "No space left on device")
        put(top, path, content)

    monkeypatch.setattr(folder_module, "put_file", put_counted)
    yield folder


def fill(folder: Path) -> Path:
    """Fill the disk up to `LEFT` bytes. Return the file that does."""
    ballast, disk = folder / "ballast", os.statvfs(folder)
    free = disk.f_bavail * disk.f_frsize
    ballast.write_bytes(bytes(min(free, SIZE - used(folder)) - LEFT))
    return ballast


async def test_what_waits_for_room_is_written_whole_once_there_is_some(
    folder: Path, talk: Talk
) -> None:
    await publish(talk, 1, "Marcha")
    ballast = fill(folder)
    await talk.said()
    await publish(talk, 2, "Taller")
    assert "está lleno" in "\n".join(post.plain for post in await talk.said())
    added = {one.split()[0] for one in faults(folder) if "was added" in one}
    assert added <= {"ballast", NEW}, "no page stands there that the log does not name"
    await talk.wait(timedelta(minutes=11))
    assert "lleno" not in "\n".join(post.plain for post in await talk.said()), "told once"
    ballast.unlink()
    await talk.wait(timedelta(minutes=6))
    assert {"es/event-2.html", "record/2.json"} <= set(holding(folder, "Taller"))
    assert faults(folder) == []


async def test_what_is_withdrawn_meanwhile_is_gone_once_there_is_room(
    folder: Path, talk: Talk
) -> None:
    await publish(talk, 1, "Marcha")
    ballast = fill(folder)
    await publish(talk, 2, "Taller")
    assert "está lleno" in "\n".join(post.plain for post in await talk.said())
    await talk.says("ana", "!retirar 2")
    await talk.wait(NOW)
    ballast.unlink()
    await talk.wait(timedelta(minutes=6))
    assert holding(folder, "Taller") == [] and faults(folder) == []
