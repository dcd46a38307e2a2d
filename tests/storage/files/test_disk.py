"""Disk, folder and file: what is wrong is named, and what was confirmed is never lost."""

from __future__ import annotations

import asyncio
import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.operate.operator_errors import OPERATOR_MUST_ACT, TRY_AGAIN, TemporaryStop, stop_for
from storage.database import Database, DatabaseError, WrongKey
from storage.files.disk import (
    DatabaseDamaged,
    DiskTrouble,
    database_failed,
    disk_cause,
    foreign_file,
    hand_over_folder,
)

KEY = b"k" * 32
PAGE = 4096


async def filled(path: Path, rows: int = 400) -> None:
    db = await Database.open(path, KEY)
    async with db.transaction() as tx:
        await tx.run("CREATE TABLE said (words TEXT)")
        await tx.many("INSERT INTO said VALUES (?)", [("x" * 500,) for _ in range(rows)])
    await db.close()


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m,mode=700", "tmpfs", str(disk)]
    subprocess.run(mount, check=True)  # noqa: S603
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)  # noqa: S603, S607


def fill(disk: Path) -> Path:
    """Not a byte is left."""
    file = disk / "fill"
    handle = os.open(file, os.O_CREAT | os.O_WRONLY)
    for size in (65536, 512, 1):
        try:
            while True:
                os.write(handle, b"x" * size)
        except OSError as error:
            assert error.errno == errno.ENOSPC
    os.close(handle)
    return file


# --- full ------------------------------------------------------------------------------------


@pytest.mark.root
async def test_a_full_disk_loses_nothing_that_was_confirmed(small: Path) -> None:
    path = small / "minga.db"
    await filled(path, 10)
    db = await Database.open(path, KEY)
    confirmed = 0
    with pytest.raises(DatabaseError) as caught:
        for number in range(10_000):
            async with db.transaction() as tx:
                await tx.run("INSERT INTO said VALUES (?)", f"confirmed {number} " + "y" * 3000)
            confirmed += 1
    assert confirmed > 50
    assert database_failed(caught.value)
    stop = stop_for(caught.value)
    assert isinstance(stop, TemporaryStop)
    assert "is full" in str(stop)
    async with db.reading() as tx:
        assert [tuple(row) for row in await tx.all("SELECT count(*) FROM said")] == [
            (10 + confirmed,)
        ]
    await db.close()
    blocker = fill(small)
    try:
        again = await Database.open(path, KEY)
    except DiskTrouble as trouble:
        assert "is full" in str(trouble)
    else:
        await again.close()
    blocker.unlink()
    again = await Database.open(path, KEY)
    async with again.reading() as tx:
        assert [tuple(row) for row in await tx.all("PRAGMA integrity_check")] == [("ok",)]
        assert [tuple(row) for row in await tx.all("SELECT count(*) FROM said")] == [
            (10 + confirmed,)
        ]
    await again.close()


@pytest.mark.root
async def test_a_disk_that_was_full_at_the_start_is_called_full(small: Path) -> None:
    path = small / "minga.db"
    await filled(path, 10)
    blocker = fill(small)
    with pytest.raises(DiskTrouble, match="is full: nothing can be written") as caught:
        await Database.open(path, KEY)
    assert isinstance(stop_for(caught.value), TemporaryStop)
    assert stop_for(caught.value).exit_code == TRY_AGAIN  # type: ignore[union-attr]
    with pytest.raises(DiskTrouble, match="is full"):
        await Database.open(small / "new.db", KEY)
    blocker.unlink()
    await (await Database.open(path, KEY)).close()


# --- closed and away -----------------------------------------------------------------------------

TRY = """
import asyncio, os, sys
os.setgroups([]); os.setgid(61234); os.setuid(61234)
from pathlib import Path
from bot.operate.operator_errors import stop_for
from storage.database import Database
async def main():
    db = await Database.open(Path(sys.argv[1]), b"k" * 32)
    await db.close()
try:
    asyncio.run(main())
except Exception as error:
    stop = stop_for(error)
    print(stop.exit_code, stop)
"""


def as_another(path: Path) -> str:
    """What a process of user 61234 is told that opens this database."""
    run = [sys.executable, "-c", TRY, str(path)]
    root = str(Path(__file__).parents[3])
    done = subprocess.run(run, capture_output=True, text=True, cwd=root, check=False)  # noqa: S603
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that another user may reach, as pytest's own are closed."""
    import shutil
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="minga-disk-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.root
async def test_a_folder_that_may_not_be_written_is_called_that(open_folder: Path) -> None:
    data = open_folder / "data"
    data.mkdir(mode=0o755)
    path = data / "minga.db"
    await filled(path, 1)
    os.chown(path, 61_234, 61_234)
    said = as_another(path)
    assert said.startswith(f"{TRY_AGAIN} {data} belongs to user 0 and is closed to user 61234")
    assert "key" not in said.lower().replace("chown", "")
    data.chmod(0o700)
    assert as_another(path).startswith(f"{TRY_AGAIN} {data} ")


@pytest.mark.root
async def test_a_file_of_root_in_the_folder_of_the_unit_is_named(open_folder: Path) -> None:
    data = open_folder / "data"
    data.mkdir(mode=0o700)
    path = data / "minga.db"
    await filled(path, 1)
    os.chown(data, 61_234, 61_234)
    said = as_another(path)
    assert said.startswith(f"{TRY_AGAIN} {path} belongs to user 0, its folder to user 61234")
    assert foreign_file(data) is not None
    hand_over_folder(data)
    assert foreign_file(data) is None
    assert as_another(path) == ""


@pytest.mark.root
async def test_a_disk_that_is_mounted_read_only_is_called_that(small: Path) -> None:
    path = small / "minga.db"
    await filled(path, 1)
    remount = ["mount", "-o", "remount,ro", str(small)]
    await asyncio.to_thread(subprocess.run, remount, check=True)
    with pytest.raises(DiskTrouble, match="mounted read-only"):
        await Database.open(path, KEY)


def test_a_folder_that_is_gone_is_called_away(tmp_path: Path) -> None:
    gone = tmp_path / "mount/minga.db"
    found = disk_cause(OSError(errno.EIO, "no"), gone)
    assert isinstance(found, DiskTrouble)
    assert "can't be reached" in str(found)


@pytest.mark.root
def test_only_plain_files_of_root_change_hands(open_folder: Path) -> None:
    data, outside = open_folder / "data", open_folder / "outside"
    data.mkdir()
    outside.touch()
    (data / "own").touch()
    (data / "soft").symlink_to(outside)
    os.link(outside, data / "hard")
    (data / "theirs").touch()
    os.chown(data / "theirs", 7, 7)
    hand_over_folder(data)
    assert (data / "own").stat().st_uid == 0, "the folder is root's"
    os.chown(data, 61_234, 61_234)
    hand_over_folder(data)
    owners = {p.name: p.lstat().st_uid for p in data.iterdir()}
    assert owners == {"own": 61_234, "soft": 0, "hard": 0, "theirs": 7}
    assert outside.stat().st_uid == 0


# --- damaged -------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["half", "first page", "short"])
async def test_a_damaged_file_is_called_damaged_and_the_key_right(tmp_path: Path, how: str) -> None:
    path = tmp_path / "minga.db"
    await filled(path)
    raw = bytearray(path.read_bytes())
    raw[100] ^= how == "first page"
    path.write_bytes(raw[: {"half": len(raw) // 2, "short": 10}.get(how, len(raw))])
    before = path.read_bytes()
    with pytest.raises((DatabaseDamaged, WrongKey)) as caught:
        await Database.open(path, KEY)
    stop = stop_for(caught.value)
    assert stop is not None
    assert stop.exit_code == OPERATOR_MUST_ACT
    assert str(stop).startswith(f"{path} is damaged, or belongs to other data (the key is right)")
    assert "minga restore" in str(stop)
    assert path.read_bytes() == before


async def test_a_page_that_breaks_while_it_runs_is_no_bug_of_whoever_asked(tmp_path: Path) -> None:
    path = tmp_path / "minga.db"
    await filled(path)
    raw = bytearray(path.read_bytes())
    for page in range(4, len(raw) // PAGE):
        raw[page * PAGE + 100] ^= 1
    path.write_bytes(raw)
    db = await Database.open(path, KEY)
    with pytest.raises(DatabaseError) as caught:
        async with db.reading() as tx:
            await tx.all("SELECT * FROM said")
    await db.close()
    assert database_failed(caught.value)
    group = ExceptionGroup("side by side", [caught.value])
    caught.value.__context__ = group  # as the sync loop makes a circle of them
    stop = stop_for(caught.value)
    assert stop is not None
    assert "is damaged" in str(stop)


def lack_of_memory(where: str) -> MemoryError:
    """As it is raised by code in that file."""
    with pytest.raises(MemoryError) as caught:
        exec(compile("raise MemoryError", where, "exec"), {})  # noqa: S102
    return caught.value


def test_a_page_that_sqlcipher_can_not_authenticate_is_damage_and_no_lack_of_memory() -> None:
    broken = lack_of_memory("/program/storage/connection.py")
    assert isinstance(disk_cause(broken), DatabaseDamaged)
    assert database_failed(broken)
    stop = stop_for(broken)
    assert stop is not None and "minga doctor" in str(stop)
    assert disk_cause(lack_of_memory("/program/bot/run/app.py")) is None


def test_other_errors_are_not_the_disks() -> None:
    for error in (
        ValueError("x"),
        KeyError("x"),
        ConnectionRefusedError(111, "no"),
        TimeoutError(),
    ):
        assert disk_cause(error) is None
        assert not database_failed(error)
        assert stop_for(error) is None
    assert not database_failed(PermissionError(13, "of a program, not of the database"))
