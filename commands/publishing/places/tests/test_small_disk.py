"""A disk that is really full: the folder is a file system of its own, with no room left on it.

Only root may mount one. For anybody else a counted size stands in for it, as the test's name says.
"""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.testing.talk import Talk
from commands.publishing.places import folder as folder_module
from commands.publishing.places.folder_files import NEW, put_file, write_tail
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
        require_room(blocks(content or b""))
        put(top, path, content)

    def write_counted(top: int, path: str, begin: int, text: bytes) -> None:
        require_room(blocks(bytes(begin) + text) - blocks(bytes(begin)))
        write_tail(top, path, begin, text)

    def require_room(more: int) -> None:
        if more and used(folder) + more > SIZE:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(folder_module, "put_file", put_counted)
    monkeypatch.setattr(folder_module, "write_tail", write_counted)
    yield folder


def fill(folder: Path, left: int = LEFT) -> Path:
    """Fill the disk but for some bytes. Return the file that does."""
    ballast, disk = folder / "ballast", os.statvfs(folder)
    free = disk.f_bavail * disk.f_frsize
    ballast.write_bytes(bytes(min(free, SIZE - used(folder)) - left))
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


@pytest.mark.parametrize("waits", [False, True], ids=["alone", "behind another"])
async def test_what_is_withdrawn_leaves_a_disk_without_a_byte_left(
    folder: Path, talk: Talk, waits: bool
) -> None:
    await publish(talk, 1, "Marcha")
    ballast = fill(folder, left=0)
    if waits:
        await publish(talk, 2, "Taller")
        assert "está lleno" in "\n".join(post.plain for post in await talk.said())
    await talk.says("ana", "!retirar 1")
    await talk.wait(timedelta(minutes=6))
    assert holding(folder, "Marcha") == []
    ballast.unlink()
    await talk.wait(timedelta(minutes=6))
    assert holding(folder, "Marcha") == [] and faults(folder) == []
    assert (holding(folder, "Taller") != []) == waits


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
