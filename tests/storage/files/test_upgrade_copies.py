"""Before an upgrade the database is copied; the upgrade is done as a whole, or not at all."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.operate.operator_errors import TRY_AGAIN, operator_lines, stop_for
from bot.run import machine
from bot.run.machine import upgrade_database
from storage import releases, schema
from storage.connection import DatabaseError
from storage.database import Database, Tx
from storage.encryption.keys import DATABASE
from storage.files import disk, upgrade_copies
from storage.files.upgrade_copies import KEPT_FOR, copy_path, kept_copies, remove_expired

KEY = bytes(32)
STEP = "CREATE TABLE note (text TEXT);\nINSERT INTO note VALUES ('new');\n"


def next_version(monkeypatch: pytest.MonkeyPatch, folder: Path, step: str = STEP) -> None:
    """From now on the program is the next version, with a step more in the core."""
    steps = folder / "next/migrations"
    if not steps.exists():
        steps.mkdir(parents=True)
        for file in [*schema.CORE.glob("*.sql")]:
            (steps / file.name).write_bytes(file.read_bytes())
        (steps / "last").mkdir()
        (steps / "last/0001_drop_fact.sql").write_text("DROP TABLE fact;\n")
    number = len([*steps.glob("*.sql")]) + 1
    (steps / f"{number:04d}_next.sql").write_text(step)
    monkeypatch.setattr(schema, "CORE", steps)
    version = f"9.{len([*steps.glob('*_next.sql')])}.0"
    monkeypatch.setattr(releases, "program_version", lambda: version)


@pytest.fixture
async def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Database]:
    """The database of this version, in which there is something."""
    (tmp_path / "data").mkdir(mode=0o700)
    monkeypatch.setattr(releases, "program_version", lambda: "9.0.0")
    db = await Database.open(tmp_path / "data" / DATABASE, KEY)
    await upgrade_database(db, [])
    async with db.transaction() as tx:
        await tx.run("CREATE TABLE words (text TEXT)")
        await tx.run("INSERT INTO words VALUES ('kept')")
    yield db
    await db.close()


async def content(path: Path) -> tuple[list[str], bool, str]:
    """What stands in it, whether it had the step, and which version says that it wrote it."""
    db = await Database.open(path, KEY, create=False)
    try:
        async with db.reading() as tx:
            words = await tx.column(str, "SELECT text FROM words")
            return words, await tx.has_table("note"), await releases.last_release(tx)
    finally:
        await db.close()


async def test_a_new_database_and_one_that_is_up_to_date_are_not_copied(db: Database) -> None:
    await upgrade_database(db, [])
    assert kept_copies(db.path.parent) == []


async def test_the_copy_is_what_was_there_closed_to_others_and_called_by_its_version(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    next_version(monkeypatch, tmp_path)
    await upgrade_database(db, [])
    (copy,) = kept_copies(db.path.parent)
    assert copy.version == "9.0.0"
    assert abs(datetime.now(UTC) - copy.made) < timedelta(minutes=5)
    assert stat.S_IMODE(copy.path.stat().st_mode) == 0o600
    assert b"kept" not in copy.path.read_bytes(), "it is encrypted"
    assert await content(copy.path) == (["kept"], False, "9.0.0")
    await db.close()
    assert await content(db.path) == (["kept"], True, "9.1.0")


async def test_two_versions_back_are_kept_one_of_each_and_none_for_more_than_a_week(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, now = db.path.parent, datetime.now(UTC)
    for name in ("minga-9.0.0.db", "minga-9.0.0-20269999T000000Z.db", "minga-x.backup"):
        (data / name).write_bytes(b"not ours")
    copy_path(data, "9.0.0", now - timedelta(days=3)).write_bytes(b"older of the same version")
    copy_path(data, "8.0.0", now - timedelta(days=8)).write_bytes(b"older than a week")
    for text in ("one", "two", "three"):
        next_version(monkeypatch, tmp_path, f"CREATE TABLE {text} (x);\n")
        await upgrade_database(db, [])
    assert {one.version for one in kept_copies(data)} == {"9.1.0", "9.2.0"}
    assert len(kept_copies(data)) == 2
    remove_expired(data, now + KEPT_FOR + timedelta(minutes=1))
    assert kept_copies(data) == []
    assert len([*data.glob("minga-*")]) == 3, "what is not ours stays"


async def test_a_newer_copy_of_a_version_takes_the_place_of_an_older_one(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, now = db.path.parent, datetime.now(UTC)
    copy_path(data, "9.0.0", now - timedelta(days=1)).write_bytes(b"tried before, went back")
    older = copy_path(data, "8.0.0", now - timedelta(days=3))
    older.write_bytes(b"the version before it")
    next_version(monkeypatch, tmp_path)
    await upgrade_database(db, [])
    newest, other = kept_copies(data)
    assert newest.version == "9.0.0" and newest.made > now - timedelta(minutes=5)
    assert other.path == older


async def test_without_room_nothing_is_begun_and_it_says_how_much_to_free(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    next_version(monkeypatch, tmp_path)
    older = copy_path(db.path.parent, "8.0.0", datetime.now(UTC))
    older.write_bytes(b"x")
    there = SimpleNamespace(f_bavail=10, f_frsize=1 << 20, f_flag=0)
    monkeypatch.setattr(os, "statvfs", lambda _path: there)
    with pytest.raises(disk.DiskTrouble) as refused:
        await upgrade_database(db, [])
    said = [line.in_english() for line in operator_lines(refused.value)]
    assert "10 MiB free" in said[0] and "Minga 9.0.0 still runs on it" in said[1]
    assert said[2].endswith(older.name)
    stop = stop_for(refused.value)
    assert stop is not None and stop.exit_code == TRY_AGAIN, "room may be made meanwhile"
    assert [one.path for one in kept_copies(db.path.parent)] == [older]
    await db.close()
    assert await content(db.path) == (["kept"], False, "9.0.0")


async def test_a_disk_that_fills_up_leaves_no_half_copy_and_the_old_data(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    next_version(monkeypatch, tmp_path)
    (db.path.parent / ".upgrade-left").write_bytes(b"of a copy that was killed")
    run = Tx.run

    async def fills(self: Tx, sql: str, *args: object) -> int:
        if sql.startswith("VACUUM INTO"):
            Path(str(args[0])).write_bytes(b"half of it")
            error = DatabaseError("database or disk is full")
            error.sqlite_errorcode = 13
            raise error
        return await run(self, sql, *args)

    monkeypatch.setattr(Tx, "run", fills)
    with pytest.raises(disk.DiskTrouble) as stopped:
        await upgrade_database(db, [])
    assert "is full" in str(stopped.value)
    names = {
        path.name.removesuffix("-wal").removesuffix("-shm") for path in tmp_path.glob("data/*")
    }
    assert names == {DATABASE}
    await db.close()
    assert await content(db.path) == (["kept"], False, "9.0.0")


@pytest.mark.parametrize("broken", ["INSERT INTO nowhere VALUES (1);", "CREATE TABLE words (x);"])
async def test_a_step_that_fails_changes_nothing_and_names_the_version_that_goes_on(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    next_version(monkeypatch, tmp_path)
    next_version(monkeypatch, tmp_path, f"{STEP.replace('note', 'more')}{broken}\n")
    with pytest.raises(schema.MigrationFailed) as failed:
        await upgrade_database(db, [])
    (said,) = [line.in_english() for line in operator_lines(failed.value)]
    assert "_next.sql of the upgrade failed (OperationalError)" in said
    assert "Install Minga 9.0.0 again" in said
    await db.close()
    assert await content(db.path) == (["kept"], False, "9.0.0"), "the step before is undone too"
    monkeypatch.undo()
    monkeypatch.setattr(releases, "program_version", lambda: "9.0.0")
    old = await Database.open(db.path, KEY)
    await upgrade_database(old, [])
    await old.close()


async def test_an_older_program_names_the_version_to_install(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as newer:
        next_version(newer, tmp_path)
        await upgrade_database(db, [])
    monkeypatch.setattr(releases, "program_version", lambda: "9.0.0")
    for refused in (machine.migrate_database(db, []), upgrade_database(db, [])):
        with pytest.raises(schema.DatabaseTooNew) as error:
            await refused
        said = str(error.value)
        assert "Minga 9.1.0 wrote this" in said and "this is Minga 9.0.0" in said
        assert "minga rollback" in said


async def test_each_version_that_worked_on_it_last_is_noted(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in ("9.0.1", "9.0.0", "9.0.0", "9.0.2"):
        monkeypatch.setattr(releases, "program_version", lambda version=version: version)
        await upgrade_database(db, [])
        async with db.reading() as tx:
            assert await releases.last_release(tx) == version
    async with db.reading() as tx:
        assert await tx.count("SELECT count(*) AS n FROM release") == 3


def test_no_copy_is_taken_for_something_else() -> None:
    made = datetime(2026, 11, 28, 21, 40, 5, tzinfo=UTC)
    for version in ("0.2.0", "0.3.0.dev0", "1.0.0rc1"):
        found = upgrade_copies.read_name(copy_path(Path("/x"), version, made))
        assert found is not None and (found.version, found.made) == (version, made)
    for name in ("minga.db", "minga-0.2.0.db", "minga-2026-11-28", "minga-a-20261128T214005Z.db"):
        assert upgrade_copies.read_name(Path(name)) is None


BIG_STEP = """CREATE TABLE note (text TEXT);
WITH RECURSIVE up (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 400)
  INSERT INTO note SELECT hex(randomblob(500)) FROM up;
"""


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of eight megabytes."""
    data = tmp_path / "small"
    data.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m,mode=700", "tmpfs", str(data)]
    subprocess.run(mount, check=True)  # noqa: S603
    yield data
    subprocess.run(["umount", "-l", str(data)], check=True)  # noqa: S603, S607


@pytest.mark.root
async def test_a_disk_that_is_really_full_at_any_point_leaves_the_old_data_or_the_new(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More and more room, from none to enough; what is asked for beforehand is not looked at."""
    ends = await _upgrades_with_room(small, tmp_path, monkeypatch, range(0, 3000, 150))
    assert ends == sorted(ends, reverse=True), "with more room it comes further"
    assert ends.count("refused") > 5 and ends.count("done") > 5


async def _upgrades_with_room(
    data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, rooms: range
) -> list[str]:
    """How each upgrade ended, with so many KiB free."""
    monkeypatch.setattr(releases, "program_version", lambda: "9.0.0")
    db = await Database.open(data / DATABASE, KEY)
    await upgrade_database(db, [])
    async with db.transaction() as tx:
        await tx.run("CREATE TABLE words (text TEXT)")
        await tx.run("INSERT INTO words VALUES ('kept')")
    await db.close()
    before = (data / DATABASE).read_bytes()
    next_version(monkeypatch, folder, BIG_STEP)
    monkeypatch.setattr(upgrade_copies, "_MARGIN", -(1 << 30))
    ends = []
    for kib in rooms:
        there = os.statvfs(data)
        spare = there.f_bavail * there.f_frsize - kib * 1024
        (data / "ballast").write_bytes(bytes(spare))
        try:
            db = await Database.open(data / DATABASE, KEY)
            try:
                await upgrade_database(db, [])
            finally:
                await db.close()
            ends.append("done")
        except (disk.DiskTrouble, DatabaseError) as error:
            assert isinstance(disk.disk_cause(error, data), disk.DiskTrouble)
            ends.append("refused")
        (data / "ballast").unlink()
        old, new = (["kept"], False, "9.0.0"), (["kept"], True, "9.1.0")
        whole = [new] if ends[-1] == "done" else [old, new]  # committed, and then no room to tidy
        assert await content(data / DATABASE) in whole, kib
        for copy in kept_copies(data):
            assert await content(copy.path) == (["kept"], False, "9.0.0"), kib
        for path in data.iterdir():
            path.unlink()
        (data / DATABASE).write_bytes(before)
    return ends
