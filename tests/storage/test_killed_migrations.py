"""A migration that is killed at any step is started again, and ends as if nothing had been."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.run.app import features
from bot.run.machine import upgrade_database
from bot.testing.talk import KEY, START_TIME
from storage.database import Database, Tx, WrongKey
from storage.encryption import key_header, live_salt, root_key
from storage.encryption import keys as keyring
from storage.files.upgrade_copies import kept_copies
from tests.storage.old_data import add_facts, begin_both, put

COMMIT = "796e93f"
WRITES = ("CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE", "VACUUM INTO")
MADE_UP = ("library_key", "forgotten_key", "release")
"""What is made at random or by the clock."""
CHILD = """
import asyncio, sys
from pathlib import Path
from storage.database import Tx
from tests.storage.old_data import begin
run, left, mark = Tx.run, int(sys.argv[2]), sys.argv[3]
async def stops(self, sql, *args):
    global left
    found = await run(self, sql, *args)
    left -= sql.startswith(("CREATE", "ALTER", "INSERT", "UPDATE"))
    if not left or (mark and mark in sql):
        print("here", flush=True)
        sys.stdin.read()
    return found
Tx.run = stops
folder = Path(sys.argv[1])
asyncio.run(begin(folder / "a", folder / "key"))
"""
"""The program's beginning, which stands still after so many statements, or after one of them."""
KILLED_AT = (
    ("-1", "VACUUM INTO"),
    ("4", ""),
    ("-1", "RENAME TO doors_key"),
    ("-1", "RENAME TO ballot_secrecy_vote"),
)
"""The copy, a statement of the core's steps, and two of those with which capabilities were cut."""


class Killed(BaseException):
    """The process ended here."""


class Fate:
    """Counts what is done, and ends it at one of the steps."""

    def __init__(self, at: int = 0) -> None:
        self.at, self.done = at, 0

    def step(self) -> None:
        self.done += 1
        if self.done == self.at:
            raise Killed


async def holds(path: Path, key: bytes) -> dict[str, Any]:
    """All tables and what stands in them."""
    db = await Database.open(path, key, create=False)
    try:
        async with db.reading() as tx:
            made = await tx.all("SELECT type, name, sql FROM sqlite_master ORDER BY name")
            found: dict[str, Any] = {"": [tuple(row) for row in made]}
            for row in made:
                if row["type"] == "table":
                    rows = await tx.all(f"SELECT * FROM {row['name']}")  # noqa: S608
                    values = sorted(repr(tuple(row)) for row in rows)
                    found[row["name"]] = len(values) if row["name"] in MADE_UP else values
    finally:
        await db.close()
    return found


async def brought_up(path: Path, key: bytes = KEY) -> None:
    db = await Database.open(path, key)
    try:
        async with db.reading() as tx:  # no power is cut here: do not wait for the disk
            await tx.run("PRAGMA synchronous = OFF")
        await upgrade_database(db, features())
    finally:
        await db.close()


async def kills(
    path: Path, key: bytes, monkeypatch: pytest.MonkeyPatch, at: Sequence[int] = ()
) -> int:
    """Bring the file up, ending the process after the statements with these numbers in turn.

    Nothing of it stays. In the end it comes through. Return how many statements there are.
    """
    before = await holds(path, key)
    run = Tx.run
    fate = Fate()

    async def ends(self: Tx, sql: str, *args: Any) -> int:
        found = await run(self, sql, *args)
        if writes(sql) and "INTO forgotten_key" not in sql:  # behind the steps, at any start
            fate.step()
        return found

    with monkeypatch.context() as patch:
        patch.setattr(Tx, "run", ends)
        for fate.at in at:
            fate.done = 0
            with pytest.raises(Killed):
                await brought_up(path, key)
            assert await holds(path, key) == before, fate.at
        fate.at = fate.done = 0
        await brought_up(path, key)
    return fate.done


def points(count: int) -> list[int]:
    """Ten statements of so many: the first, the last, and on each day others between them; with
    MINGA_FULL all."""
    if os.environ.get("MINGA_FULL"):
        return [*range(1, count + 1)]
    day = START_TIME.at.toordinal()
    return sorted({1, count, *(1 + (day + part * count // 8) % count for part in range(8))})


def writes(sql: str) -> bool:
    return sql.lstrip("- ").startswith(WRITES) or "\n" in sql


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(COMMIT, tmp_path)
    return tmp_path


async def test_after_any_statement_of_the_steps_since_then(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the old data, which are full: the copy, then capabilities' steps and storage's."""
    path = folder / "a" / keyring.DATABASE
    key = root_key.unlock(folder / "a", key_file=folder / "key").bare_db
    await add_facts(path, key)
    before, old = path.read_bytes(), await holds(path, key)
    count = await kills(path, key, monkeypatch)
    assert count >= 200
    whole = await holds(path, key)
    path.write_bytes(before)
    assert await kills(path, key, monkeypatch, points(count)) == count
    assert await holds(path, key) == whole
    (copy,) = kept_copies(folder / "a")
    assert await holds(copy.path, key) == old
    assert not [*path.parent.glob(".*")], "nothing is left of copies that were killed"


async def test_at_the_beginnings_of_a_new_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From nothing, where all capabilities' and storage's steps are done."""
    path = tmp_path / "new.db"
    path.touch(mode=0o600)
    count = await kills(path, KEY, monkeypatch)
    whole = await holds(path, KEY)
    assert whole["schema_version"]
    path.write_bytes(b"")
    assert await kills(path, KEY, monkeypatch, points(count)[::3]) == count > 300
    assert await holds(path, KEY) == whole


async def test_while_the_databases_get_their_live_salt(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before and after each of: the header, either database locked anew, the header again."""
    data, key_file = folder / "a", folder / "key"
    bare = root_key.unlock(data, key_file=key_file)
    first = await holds(data / keyring.DATABASE, bare.bare_db)
    keys_before = await holds(data / keyring.KEY_STORE, bare.bare_niodb)
    replace, rekey = key_header.replace_header, Database.rekey
    for at in range(1, 9):
        for name in ("minga.db", "matrix.db", "key.json"):
            for left in data.glob(f"{name}*"):
                left.unlink()
        put(COMMIT, folder)
        fate = Fate(at)

        def replaces(*given: Any, fate: Fate = fate) -> None:
            fate.step()
            replace(*given)
            fate.step()

        async def rekeys(self: Database, key: bytes, fate: Fate = fate) -> None:
            fate.step()
            await rekey(self, key)
            fate.step()

        with monkeypatch.context() as patch:
            patch.setattr(key_header, "replace_header", replaces)
            patch.setattr(Database, "rekey", rekeys)
            with pytest.raises(Killed):
                await live_salt.ensure_live_salt(data, root_key.unlock(data, key_file=key_file))
        keys = await live_salt.ensure_live_salt(data, root_key.unlock(data, key_file=key_file))
        assert await holds(data / keyring.DATABASE, keys.db) == first, at
        assert await holds(data / keyring.KEY_STORE, keys.niodb) == keys_before, at
        with pytest.raises(WrongKey):
            await Database.open(data / keyring.DATABASE, bare.bare_db, create=False)
        header = keyring.read_header(data)
        assert header is not None and key_header.MOVING_SALT not in header


@pytest.mark.full
async def test_a_process_that_is_really_killed(folder: Path) -> None:
    """Each time in the middle of a step's transaction; the last beginning comes through."""
    for until in KILLED_AT:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", CHILD, str(folder), *until),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        assert process.stdout is not None
        while (line := await process.stdout.readline()) != b"here\n":
            assert line, "it came through"
        process.kill()
        assert await process.wait() == -signal.SIGKILL
    keys = await live_salt.ensure_live_salt(
        folder / "a", root_key.unlock(folder / "a", key_file=folder / "key")
    )
    await brought_up(folder / "a" / keyring.DATABASE, keys.db)
    found = await holds(folder / "a" / keyring.DATABASE, keys.db)
    whole = folder / "whole"
    whole.mkdir()
    await begin_both(whole, COMMIT)
    assert found == await holds(whole / "a" / keyring.DATABASE, KEY)
