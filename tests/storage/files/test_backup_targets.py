"""Where backups go: a stream, a command, a folder from which old ones are removed."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.database import Database
from storage.encryption.keys import DATABASE
from storage.files import backup, lock
from storage.files.backup import BackupError, read_backup_info, write_backup, write_stream
from storage.files.backup_folder import backup_name, remove_old
from storage.files.backup_format import Sealing
from storage.files.backup_pipe import pipe_backup
from storage.files.backup_records import LAST_BACKUP, LOCK, MAGIC
from storage.files.restoration import restore_backup
from tests.storage.files.place import Place, make_place

MARK = b"mark of this bot"


@pytest.fixture
async def place(tmp_path: Path) -> Place:
    return await make_place(tmp_path)


def program(text: str, *more: object) -> list[str]:
    return [sys.executable, "-c", text, *map(str, more)]


def left_in(data: Path) -> list[str]:
    return [file.name for file in data.iterdir() if file.name.startswith(".")]


# --- a stream and a command --------------------------------------------------------------------


async def test_a_stream_gets_the_whole_backup(place: Place, tmp_path: Path) -> None:
    with (tmp_path / "out").open("wb") as out:
        await write_stream(place.data, place.keys, out)
    await restore_backup(tmp_path / "out", tmp_path / "new", key_file=place.key_file)


async def test_a_reader_that_ends_early_is_named_and_nothing_is_left(place: Place) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    out = os.fdopen(writing, "wb", buffering=0)
    with out, pytest.raises(BackupError, match="ended before it was whole"):
        await write_stream(place.data, place.keys, out)
    assert left_in(place.data) == []
    assert not (place.data / LAST_BACKUP).exists()


async def test_a_command_gets_it_at_its_input_without_a_shell(place: Place, tmp_path: Path) -> None:
    keep = "import sys; open(sys.argv[1], 'wb').write(sys.stdin.buffer.read())"
    command = program(keep, tmp_path / "{name}", "$(touch /tmp/minga-shell)")
    made = await pipe_backup(place.data, place.keys, command, Sealing())
    file = tmp_path / backup_name(made.made)
    await restore_backup(file, tmp_path / "new", key_file=place.key_file)
    assert (place.data / LAST_BACKUP).exists()


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["/no/such/program"], "can't be started"),
        (["true"], "ended before it had read the whole backup"),
        (program("import sys; sys.stdin.read(1) if 0 else 0"), "ended before it had read"),
        (program("import sys; sys.stdin.buffer.read(); sys.exit(3)"), r"failed \(exit status 3\)"),
        (program("import time; time.sleep(600)"), "did nothing for"),
        (
            program("import sys, time; sys.stdin.buffer.read(); time.sleep(600)"),
            "did nothing for",
        ),
        (program("import os, signal; os.kill(os.getpid(), signal.SIGKILL)"), "failed"),
    ],
)
async def test_a_command_that_does_not_take_it_is_named_and_ended(
    place: Place, command: Sequence[str], told: str
) -> None:
    with pytest.raises(BackupError, match=told) as caught:
        await pipe_backup(place.data, place.keys, command, Sealing(), patience=timedelta(seconds=3))
    assert len(caught.value.lines) == 1
    assert left_in(place.data) == []
    assert not (place.data / LAST_BACKUP).exists()
    assert not lock.is_held(place.data, LOCK)


async def test_who_stops_the_bot_stops_the_command_and_its_children(
    place: Place, tmp_path: Path
) -> None:
    text = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "open(sys.argv[1] + '.part', 'w').write(str(child.pid))\n"
        "import os; os.rename(sys.argv[1] + '.part', sys.argv[1])\n"
        "time.sleep(600)"
    )
    note = tmp_path / "child"
    task = asyncio.create_task(pipe_backup(place.data, place.keys, program(text, note), Sealing()))
    async with asyncio.timeout(30):
        while not note.exists():  # noqa: ASYNC110 - another process makes it
            await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    stat = Path(f"/proc/{note.read_text()}/stat")
    async with asyncio.timeout(60):
        while stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z":  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert left_in(place.data) == []


async def test_a_child_that_left_the_group_holds_nobody_up(place: Place, tmp_path: Path) -> None:
    note = tmp_path / "child"
    text = (
        "import subprocess, sys, time\n"
        "sleep = [sys.executable, '-c', 'import time; time.sleep(600)']\n"
        "child = subprocess.Popen(sleep, start_new_session=True)\n"
        "open(sys.argv[1], 'w').write(str(child.pid))\n"
        "time.sleep(600)"
    )
    with pytest.raises(BackupError, match="did nothing for"):
        async with asyncio.timeout(60):
            await pipe_backup(
                place.data,
                place.keys,
                program(text, note),
                Sealing(),
                patience=timedelta(seconds=6),
            )
    os.kill(int(note.read_text()), signal.SIGKILL)


# --- the data's folder -------------------------------------------------------------------------


async def test_two_backups_at_once_do_not_take_each_others_copy(
    place: Place, tmp_path: Path
) -> None:
    async with backup.make_backup(place.data, place.keys) as made:
        with pytest.raises(BackupError, match="Another backup of"):
            await write_backup(place.data, place.keys, tmp_path / "second")
        assert b"".join(made.pieces).startswith(MAGIC)
    assert not (tmp_path / "second").exists()
    await write_backup(place.data, place.keys, tmp_path / "second")


async def test_a_copy_that_would_fill_the_disk_is_not_begun(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(place.data)._replace(free=backup.LEAST_LEFT)
    monkeypatch.setattr(backup.shutil, "disk_usage", lambda _path: usage)  # type: ignore[attr-defined]
    with pytest.raises(BackupError, match=r"A backup needs \d+ MiB .*32 are free: make room"):
        await write_backup(place.data, place.keys, tmp_path / "file")
    assert left_in(place.data) == []


async def test_the_room_that_it_asks_for_is_what_it_takes(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = await Database.open(place.data / DATABASE, place.keys.db, create=False)
    async with db.transaction() as tx:
        await tx.run("CREATE TABLE big (content BLOB)")
        await tx.run("INSERT INTO big VALUES (randomblob(8388608))")
    await db.close()
    taken, rekey = [0], Database.rekey

    async def measured(self: Database, key: bytes) -> None:
        seen = asyncio.create_task(look())
        await rekey(self, key)
        seen.cancel()

    async def look() -> None:
        while True:
            files = [file.stat().st_size for file in place.data.glob(".backup-*")]
            taken[0] = max(taken[0], sum(files))
            await asyncio.sleep(0)

    monkeypatch.setattr(Database, "rekey", measured)
    await write_backup(place.data, place.keys, tmp_path / "file")
    usage = shutil.disk_usage(place.data)._replace(free=taken[0])
    monkeypatch.setattr(backup, "LEAST_LEFT", 2**17)  # the log has a little beside its pages
    monkeypatch.setattr(backup.shutil, "disk_usage", lambda _path: usage)  # type: ignore[attr-defined]
    with pytest.raises(BackupError, match="make room"):
        await write_backup(place.data, place.keys, tmp_path / "second")


async def test_a_key_that_was_changed_meanwhile_is_no_damage(place: Place, tmp_path: Path) -> None:
    old = replace(place.keys, db=bytes(32), id="0a1b2c3d4e5f")
    with pytest.raises(BackupError, match="The key was changed just now"):
        await write_backup(place.data, old, tmp_path / "file")
    with pytest.raises(BackupError, match="is damaged"):
        await write_backup(place.data, replace(place.keys, db=bytes(32)), tmp_path / "file")


async def test_a_full_target_is_named_and_left_clean(place: Place) -> None:
    out = os.fdopen(os.open("/dev/full", os.O_WRONLY), "wb", buffering=0)
    with out, pytest.raises(BackupError, match=r"could not be written: No space left"):
        await write_stream(place.data, place.keys, out)
    assert left_in(place.data) == []


@pytest.mark.root
async def test_a_folder_that_is_full_is_named_as_such(place: Place, tmp_path: Path) -> None:
    small, told = tmp_path / "small", r"could not be written: The disk of \S*small is full"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "minga", small], check=True)  # noqa: S603, S607, ASYNC221
    try:
        with pytest.raises(BackupError, match=told):
            await write_backup(place.data, place.keys, small / "file")
        assert list(small.iterdir()) == []
    finally:
        subprocess.run(["umount", small], check=True)  # noqa: S603, S607, ASYNC221
    assert left_in(place.data) == []


@pytest.mark.root
async def test_a_restore_onto_a_full_disk_leaves_nothing(place: Place, tmp_path: Path) -> None:
    file, small = tmp_path / "file", tmp_path / "small"
    await write_backup(place.data, place.keys, file)
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "minga", small], check=True)  # noqa: S603, S607, ASYNC221
    try:
        with pytest.raises(BackupError, match=r"could not be restored: The disk of \S* is full"):
            await restore_backup(file, small / "data", key_file=place.key_file)
        assert list((small / "data").iterdir()) == []
    finally:
        subprocess.run(["umount", small], check=True)  # noqa: S603, S607, ASYNC221


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from storage.encryption import secret_files
from storage.encryption.root_key import unlock
from storage.files import backup
from storage.files.backup_format import Sealing

point, data, key, target = sys.argv[1], *map(Path, sys.argv[2:])

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def dying_after(pieces):
    for number, piece in enumerate(pieces):
        if point == f"piece {number}":
            die()
        yield piece

seal = backup.seal
backup.seal = lambda *given: (lambda info, pieces: (info, dying_after(pieces)))(*seal(*given))
if point == "copied":
    backup.delete_login = die
if point == "written":
    secret_files.place_new = die
if point == "placed":
    backup.note_backup = die
keys = unlock(data, key_file=key)
asyncio.run(backup.write_backup(data, keys, target, Sealing(mark=b"mark of this bot")))
"""


@pytest.mark.parametrize("point", ["copied", "piece 1", "piece 2", "written", "placed"])
async def test_killed_at_any_point_nothing_half_has_the_name_of_a_backup(
    place: Place, tmp_path: Path, point: str
) -> None:
    folder, now = tmp_path / "backups", datetime.now(UTC)
    folder.mkdir()
    words = [sys.executable, "-c", KILLED, point, place.data, place.key_file]
    process = await asyncio.create_subprocess_exec(
        *map(str, [*words, folder / backup_name(now)]), cwd=Path(__file__).parents[3]
    )
    assert await process.wait() == -signal.SIGKILL
    for file in folder.glob("minga-*"):
        await restore_backup(file, tmp_path / "new", key_file=place.key_file)
    assert len(list(folder.glob("minga-*"))) == (point == "placed")
    await write_backup(place.data, place.keys, folder / "next", Sealing(mark=MARK))
    remove_old(folder, MARK, now, keep_days=1, keep_files=None)
    assert [file.name for file in folder.iterdir() if file.name.startswith(".")] == []
    assert left_in(place.data) == []


# --- the folder of the backups -----------------------------------------------------------------


async def test_old_ones_of_ours_go_and_nothing_else(place: Place, tmp_path: Path) -> None:
    folder, now = tmp_path / "backups", datetime.now(UTC)
    folder.mkdir()
    ours = Sealing(mark=MARK)
    times = [now - timedelta(days=days) for days in range(9)]
    names = [backup_name(at) for at in times]
    for name, at in zip(names, times, strict=True):
        await write_backup(place.data, place.keys, folder / name, replace(ours, made=at))
    whole = (folder / names[0]).read_bytes()
    await write_backup(place.data, place.keys, folder / "by-hand.backup", ours)
    others = backup_name(now - timedelta(days=900))
    await write_backup(place.data, place.keys, folder / others, Sealing(mark=b"another bot's"))
    by_hand = backup_name(now - timedelta(days=901))
    await write_backup(place.data, place.keys, folder / by_hand)
    foreign = backup_name(now - timedelta(days=902))
    (folder / foreign).write_text("MINGA is not what this is")
    unfinished = f".{names[0]}.0a1b2c3d"
    (folder / unfinished).write_bytes(whole[:3000])
    (folder / backup_name(now - timedelta(days=903))).symlink_to(folder / names[0])
    (folder / backup_name(now - timedelta(days=904))).mkdir()
    kept = {file.name for file in folder.iterdir()} - {unfinished}

    assert remove_old(folder, MARK, now, keep_days=4, keep_files=None) == 3 + 1
    assert kept - {file.name for file in folder.iterdir()} == set(names[6:])
    later = now + timedelta(days=30)
    assert remove_old(folder, MARK, later, keep_days=4, keep_files=None) == 3
    assert kept - {file.name for file in folder.iterdir()} == set(names[3:]), "the oldest go first"
    for _night in range(3):
        remove_old(folder, MARK, later, keep_days=4, keep_files=None)
    assert kept - {file.name for file in folder.iterdir()} == set(names[1:]), "the newest stays"


async def test_no_more_than_so_many_are_kept(place: Place, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    for days in range(4):
        at = now - timedelta(days=days)
        sealing = Sealing(mark=MARK, made=at)
        await write_backup(place.data, place.keys, tmp_path / backup_name(at), sealing)
    assert remove_old(tmp_path, MARK, now, keep_days=99, keep_files=2) == 2
    assert len(list(tmp_path.glob("minga-*.backup"))) == 2
    info = read_backup_info(next(tmp_path.glob("minga-*.backup")))
    assert info.is_marked(MARK)
    assert not info.is_marked(b"another bot's")


async def test_one_of_the_future_is_the_first_to_go_not_what_was_made_just_now(
    place: Place, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    wrong = [now + timedelta(days=days) for days in (300, 400)]
    for at in (*wrong, now):
        sealing = Sealing(mark=MARK, made=at)
        await write_backup(place.data, place.keys, tmp_path / backup_name(at), sealing)
    assert remove_old(tmp_path, MARK, now, keep_days=7, keep_files=1) == 2
    assert [file.name for file in tmp_path.glob("minga-*.backup")] == [backup_name(now)]
