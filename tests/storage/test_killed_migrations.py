"""A migration that is killed at any step is started again, and ends as if nothing had been."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.run.app import features
from bot.run.machine import migrate_database
from bot.testing.talk import KEY
from storage.database import Database, Tx, WrongKey
from storage.encryption import key_header, live_salt
from storage.encryption import keys as keyring
from tests.storage.old_data import add_facts, begin_both, put

COMMIT = "796e93f"
WRITES = ("CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE")
MADE_UP = ("library_key",)
"""What a migration makes at random."""
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
KILLED_AT = (("4", ""), ("-1", "RENAME TO doors_key"), ("-1", "RENAME TO ballot_secrecy_vote"))
"""A statement of the core's steps, and two of those with which capabilities were cut."""


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
        await migrate_database(db, features())
    finally:
        await db.close()


async def killed_after_each(
    path: Path, key: bytes, monkeypatch: pytest.MonkeyPatch, counts: Callable[[str], bool]
) -> int:
    """Bring the file up, beginning anew after each such statement, once. Return how many.

    What was committed until then stays, so that each beginning is one step's work.
    """
    killed: set[tuple[Any, ...]] = set()
    run = Tx.run

    async def ends(self: Tx, sql: str, *args: Any) -> int:
        found = await run(self, sql, *args)
        if counts(sql) and (sql, *args) not in killed:
            killed.add((sql, *args))
            raise Killed
        return found

    with monkeypatch.context() as patch:
        patch.setattr(Tx, "run", ends)
        while True:
            before = len(killed)
            try:
                await brought_up(path, key)
            except Killed:
                continue
            assert len(killed) == before
            return before


def writes(sql: str) -> bool:
    return sql.lstrip("- ").startswith(WRITES) or "\n" in sql


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(COMMIT, tmp_path)
    return tmp_path


async def test_after_any_statement_of_the_steps_since_then(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the old data, which are full: each statement of each capability's and storage's steps."""
    path = folder / "a" / keyring.DATABASE
    key = keyring.unlock(folder / "a", key_file=folder / "key").bare_db
    await add_facts(path, key)
    before = path.read_bytes()
    await brought_up(path, key)
    whole = await holds(path, key)
    path.write_bytes(before)
    assert await killed_after_each(path, key, monkeypatch, writes) >= 200
    assert await holds(path, key) == whole


async def test_at_every_step_of_everybody_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From nothing: each step is done but for its commit, killed, and done again."""
    await brought_up(tmp_path / "whole.db")
    again = tmp_path / "again.db"

    def ends_a_step(sql: str) -> bool:
        return sql.startswith("INSERT INTO schema_version")

    assert await killed_after_each(again, KEY, monkeypatch, ends_a_step) > 80
    assert await holds(again, KEY) == await holds(tmp_path / "whole.db", KEY)


async def test_while_the_databases_get_their_live_salt(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before and after each of: the header, either database locked anew, the header again."""
    data, key_file = folder / "a", folder / "key"
    bare = keyring.unlock(data, key_file=key_file)
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
                await live_salt.ensure_live_salt(data, keyring.unlock(data, key_file=key_file))
        keys = await live_salt.ensure_live_salt(data, keyring.unlock(data, key_file=key_file))
        assert await holds(data / keyring.DATABASE, keys.db) == first, at
        assert await holds(data / keyring.KEY_STORE, keys.niodb) == keys_before, at
        with pytest.raises(WrongKey):
            await Database.open(data / keyring.DATABASE, bare.bare_db, create=False)
        header = keyring.read_header(data)
        assert header is not None and key_header.MOVING_SALT not in header


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
        assert await process.stdout.readline() == b"here\n"
        process.kill()
        assert await process.wait() == -signal.SIGKILL
    keys = await live_salt.ensure_live_salt(
        folder / "a", keyring.unlock(folder / "a", key_file=folder / "key")
    )
    await brought_up(folder / "a" / keyring.DATABASE, keys.db)
    found = await holds(folder / "a" / keyring.DATABASE, keys.db)
    whole = folder / "whole"
    whole.mkdir()
    await begin_both(whole, COMMIT)
    assert found == await holds(whole / "a" / keyring.DATABASE, KEY)
