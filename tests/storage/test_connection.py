"""What runs on the event loop and what in the thread: no statement may hold up the loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.testing.talk import KEY
from storage.connection import FEW_ROWS, Connection, DatabaseError
from storage.database import Database
from storage.files.disk_thread import ThreadEnded

LONG = "SELECT count(*) AS n FROM word a, word b, word c"
ROWS = 300


class Hops:
    """What was handed to the thread, by the statement."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.said: list[str] = []
        self.news = asyncio.Event()
        call = Connection.call_in_thread

        async def counted(connection: Connection, function: Any, *args: Any) -> Any:
            self.said.append(str(args[0]) if args else "")
            self.news.set()
            return await call(connection, function, *args)

        monkeypatch.setattr(Connection, "call_in_thread", counted)


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    db = await Database.open(tmp_path / "a.db", KEY)
    async with db.transaction() as tx:
        await tx.run("CREATE TABLE word (name TEXT PRIMARY KEY, at INTEGER)")
        await tx.run("CREATE INDEX word_at ON word (at)")
        await tx.many("INSERT INTO word VALUES (?, ?)", [(f"w{n}", n) for n in range(ROWS)])
    yield db
    await db.close()


async def test_what_is_quick_needs_no_thread_and_a_commit_does(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    hops = Hops(monkeypatch)
    async with db.transaction() as tx:
        assert await tx.one("SELECT at FROM word WHERE name = ?", "w7")
        await tx.run("INSERT INTO word VALUES ('x', 1)")
        assert await tx.change("UPDATE word SET at = 2 WHERE name = ?", "x") == 1
        async with tx.savepoint():
            assert await tx.change("DELETE FROM word WHERE name = ?", "x") == 1
        await tx.many("INSERT INTO word VALUES (?, 1)", [(f"m{n}",) for n in range(FEW_ROWS)])
    async with db.reading() as tx:
        assert await tx.count("SELECT count(*) AS n FROM word") == ROWS + FEW_ROWS
    assert hops.said == ["COMMIT"]


async def test_a_transaction_without_changes_is_undone_without_the_thread(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    hops = Hops(monkeypatch)
    with pytest.raises(ValueError, match="enough"):
        async with db.transaction() as tx:
            assert await tx.change("DELETE FROM word WHERE name = ?", "nobody's") == 0
            raise ValueError("enough")
    assert hops.said == []
    with pytest.raises(ValueError, match="enough"):
        async with db.transaction() as tx:
            await tx.run("DELETE FROM word WHERE name = ?", "w7")
            raise ValueError("enough")
    assert hops.said == ["ROLLBACK"]
    async with db.transaction() as tx:
        assert await tx.exists("SELECT 1 FROM word WHERE name = 'w7'")


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM word WHERE at < 5",
        "UPDATE word SET at = 1",
        "INSERT INTO word SELECT name || 'b', at FROM word",
        "CREATE TABLE other (one INTEGER)",
    ],
)
async def test_a_change_that_may_reach_many_rows_is_made_in_the_thread(
    db: Database, monkeypatch: pytest.MonkeyPatch, sql: str
) -> None:
    hops = Hops(monkeypatch)
    async with db.transaction() as tx:
        await tx.run(sql)
    assert hops.said == [sql, "COMMIT"]


async def test_a_long_query_leaves_the_loop_and_goes_there_at_once_the_next_time(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    hops, turns = Hops(monkeypatch), 0

    async def count_turns() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    others = asyncio.create_task(count_turns())
    await asyncio.sleep(0)
    before = turns
    async with db.transaction() as tx:
        await tx.run("INSERT INTO word VALUES ('x', 1)")
        assert await tx.count(LONG) == (ROWS + 1) ** 3
        assert turns - before > 10, "others had their turns meanwhile"
        assert await tx.count(LONG) == (ROWS + 1) ** 3
    others.cancel()
    assert hops.said == [LONG, LONG, "COMMIT"]
    async with db.reading() as tx:
        assert await tx.exists("SELECT 1 FROM word WHERE name = 'x'"), "nothing was rolled back"


async def test_a_query_that_is_short_each_time_stays_however_often_it_is_asked(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    hops = Hops(monkeypatch)
    async with db.reading() as tx:
        for _ in range(300):
            assert await tx.count("SELECT count(at) AS n FROM word") == ROWS
    assert hops.said == []


async def test_after_a_caller_left_the_next_statement_waits_for_what_goes_on(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    hops = Hops(monkeypatch)
    hops.news.clear()

    async def leave() -> None:
        async with db.transaction() as tx:
            await tx.run("INSERT INTO word VALUES ('x', 1)")
            await tx.count(LONG)

    leaving = asyncio.create_task(leave())
    await hops.news.wait()
    assert hops.said == [LONG]
    leaving.cancel()
    async with db.transaction() as tx:
        assert not await tx.exists("SELECT 1 FROM word WHERE name = 'x'")
    with pytest.raises(asyncio.CancelledError):
        await leaving


async def test_nothing_on_the_loop_waits_for_another_process(db: Database) -> None:
    other = await Database.open(db.path, KEY, create=False)
    written = asyncio.Event()

    async def write() -> None:
        async with db.transaction() as tx:
            written.set()
            await tx.run("INSERT INTO word VALUES ('x', 2)")

    async with other.transaction() as tx:
        await tx.run("INSERT INTO word VALUES ('y', 1)")
        writing = asyncio.create_task(write())
        for _ in range(50):
            await asyncio.sleep(0)
        assert not written.is_set()
    await writing
    await other.close()
    async with db.reading() as tx:
        assert await tx.count("SELECT count(*) AS n FROM word") == ROWS + 2


async def test_a_mistake_in_a_statement_is_told_as_it_is(db: Database) -> None:
    async with db.reading() as tx:
        with pytest.raises(DatabaseError, match="no such table"):
            await tx.all("SELECT * FROM nowhere")
        with pytest.raises(DatabaseError, match="no such column"):
            await tx.all("SELECT nowhat FROM word")
    await db.close()
    await db.close()


class WatchedFile:
    """A file's connection that keeps by which thread it is closed, and with how long a log."""

    def __init__(self, file: Any, log_file: Path) -> None:
        self.file, self.log_file = file, log_file
        self.closed_by: list[threading.Thread] = []
        self.log_size = -1

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)

    def close(self) -> None:
        self.closed_by.append(threading.current_thread())
        self.log_size = self.log_file.stat().st_size
        self.file.close()


async def test_the_file_is_closed_where_its_cursors_are_dropped_with_an_empty_log(
    tmp_path: Path,
) -> None:
    """Closed by another thread while one is dropped here, it ends with a segmentation fault."""
    db = await Database.open(tmp_path / "a.db", KEY)
    watched = WatchedFile(db._conn._file, tmp_path / "a.db-wal")
    db._conn._file = watched
    for sql in ("CREATE TABLE word (name TEXT)", "INSERT INTO word VALUES ('a')"):
        async with db.transaction() as tx:
            await tx.run(sql)
    assert watched.log_file.stat().st_size > 0
    await db.close()
    await db.close()
    assert watched.closed_by == [threading.current_thread()]
    assert watched.log_size == 0
    assert not watched.log_file.exists()  # the file is closed, and not only the connection


async def test_a_transaction_after_the_end_is_refused_and_does_not_wait(db: Database) -> None:
    await db.close()
    async with asyncio.timeout(10):
        with pytest.raises(ThreadEnded):
            async with db.transaction():
                raise AssertionError("begun")


async def test_with_its_thread_failed_commits_raise_and_the_file_is_closed(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = asyncio.get_running_loop()
    tell = loop.call_soon_threadsafe

    def fail_once(*args: Any, **more: Any) -> asyncio.Handle:
        monkeypatch.setattr(loop, "call_soon_threadsafe", tell)
        raise MemoryError

    monkeypatch.setattr(loop, "call_soon_threadsafe", fail_once)
    async with asyncio.timeout(10):
        for word in ("first", "second"):
            with pytest.raises(ThreadEnded):
                async with db.transaction() as tx:
                    await tx.run("INSERT INTO word VALUES (?, 1)", word)
        await db.close()


async def test_the_key_is_kept_in_no_list_of_statements(tmp_path: Path) -> None:
    plans: dict[str, bool] = {}
    db = await Database.open(tmp_path / "b.db", KEY, plans=plans)
    await db.rekey(bytes(range(32)))
    async with db.transaction() as tx:
        await tx.run("CREATE TABLE word (name TEXT)")
    await db.close()
    assert plans
    assert not any("PRAGMA" in sql for sql in plans)


def count_prepared(db: Database) -> list[object]:
    """Return a list that grows while a statement is prepared; all are once more after this."""
    steps: list[object] = []

    def note(*step: object) -> int:
        steps.append(step)
        return 0  # SQLITE_OK

    db._conn._file.set_authorizer(note)
    return steps


async def test_a_statement_is_prepared_once_also_with_a_bound_limit(db: Database) -> None:
    steps = count_prepared(db)
    query = "SELECT name FROM word WHERE at >= ?1 ORDER BY at LIMIT ?2 OFFSET ?3"
    async with db.reading() as tx:
        assert [row["name"] for row in await tx.all(query, 7, 2, 1)] == ["w8", "w9"]
        assert steps
        steps.clear()
        assert [row["name"] for row in await tx.all(query, 5, 3, 0)] == ["w5", "w6", "w7"]
        assert await tx.all(query, 5, 0, 0) == []
    assert not steps


async def test_new_statements_after_many_others_stay_prepared(db: Database) -> None:
    async with db.reading() as tx:
        for n in range(400):
            for _ in range(2):
                await tx.one("SELECT at FROM word WHERE name = ?" + " " * n, "w1")  # noqa: S608
        new = ["SELECT name FROM word WHERE name = ?" + " " * n for n in range(40)]  # noqa: S608
        for query in new:
            await tx.one(query, "w1")
        steps = count_prepared(db)
        for query in new:
            await tx.one(query, "w1")
        assert steps, "the count itself drops what was prepared"
        steps.clear()
        for query in new:
            await tx.one(query, "w1")
    assert not steps
