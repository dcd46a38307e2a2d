"""One SQLCipher connection: what is quick runs on the event loop, the rest in a thread of its own.

A hop to a thread and back costs more than most statements do, so only those go there that may take
long: queries that were long before, changes that may reach many rows, and whatever waits for the
disk (docs/decisions/0040). The only module that imports SQLCipher, whose `Row` and errors are not
the standard library's.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import sqlcipher3

from storage.files.disk_thread import DiskThread, ThreadEnded

log = logging.getLogger(__name__)

Row = sqlcipher3.Row
DatabaseError = sqlcipher3.dbapi2.Error
is_whole_statement = sqlcipher3.dbapi2.complete_statement
"""Whether a text ends with a whole SQL statement."""
Value = TypeVar("Value")

BUSY_TIMEOUT = "busy_timeout = 5000"
STEPS = 25_000
"""Steps of SQLite's machine after which a query is taken off the loop, at the latest after twice as
many: one or two milliseconds."""
FEW_ROWS = 16
"""How many rows are written on the loop by one call."""
MOST_PREPARED = 2_000
"""Statements that stay prepared: more than there are in the source. What is dropped for a new one
is what was run least often, so with too few the newest drop each other and all are prepared for
each message."""
_BUSY, _INTERRUPTED = 5, 9
_INSTANT = frozenset({"BEGIN", "SAVEPOINT", "RELEASE"})
_CHANGES = frozenset({"INSERT", "UPDATE", "DELETE", "REPLACE"})


class SyncConnection:
    """An open SQLCipher file, used by one thread that waits for it."""

    def __init__(self, path: Path, key: bytes, pragmas: Sequence[str]) -> None:
        """Open the file with its raw 32-byte key. Raises `DatabaseError`."""
        self._file = sqlcipher3.connect(
            str(path), isolation_level=None, cached_statements=MOST_PREPARED
        )
        try:
            self.run(f"PRAGMA key = \"x'{key.hex()}'\"")
            for pragma in pragmas:
                self.run(f"PRAGMA {pragma}")
        except DatabaseError:
            self.close()
            raise

    def close(self) -> None:
        """Close the file. What was not committed is lost."""
        self._file.close()

    def run(self, sql: str, *args: Any) -> Any:
        """Execute one statement and return its cursor. Raises `DatabaseError`."""
        return self._file.execute(sql, args)

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Execute a statement once for each row of values, in one transaction."""
        with self.atomic():
            for row in rows:
                self.run(sql, *row)

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """Return a context manager in which all changes are one transaction; inside of another one,
        those of the inner are undone alone if it raises."""
        inner = self._file.in_transaction
        self.run("SAVEPOINT inner_step" if inner else "BEGIN")
        try:
            yield
            self.run("RELEASE inner_step" if inner else "COMMIT")
        except BaseException:
            if self._file.in_transaction:  # SQLite may have rolled back by itself
                if inner:
                    self.run("ROLLBACK TO inner_step")
                self.run("RELEASE inner_step" if inner else "ROLLBACK")
            raise


class Connection:
    """An open SQLCipher file, used by one caller at a time."""

    def __init__(
        self,
        path: Path,
        plans: dict[str, bool] | None = None,
        thread: DiskThread | None = None,
        opened: Any = None,
    ) -> None:
        """Open the file, unless it was `opened` by `open_file`. Raises `DatabaseError`. `plans` and
        `thread`: see `Database.open`."""
        self.path = path
        self._file = opened or self.open_file(path)
        self._file.set_progress_handler(self._is_too_long, STEPS)
        self._thread = thread or DiskThread("database")
        self._by_key = {} if plans is None else plans
        self._long: set[str] = set()
        self._alarms_left = -1
        self._changes_before = 0
        self._is_closed = False

    @staticmethod
    def open_file(path: Path) -> Any:
        """Return the open file, as SQLCipher has it. Raises `DatabaseError`."""
        return sqlcipher3.connect(
            str(path),
            isolation_level=None,
            check_same_thread=False,
            cached_statements=MOST_PREPARED,
        )

    def _is_too_long(self) -> bool:
        """Interrupt a query on the loop. SQLite counts on from the statement's last run: so the
        first alarm says nothing."""
        self._alarms_left -= 1
        return self._alarms_left == 0

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open on this connection."""
        return bool(self._file.in_transaction)

    @property
    def _wrote_nothing(self) -> bool:
        """Whether the open transaction has nothing to undo, and nothing is under way."""
        ready = self._thread.is_free and not self._is_closed
        return ready and self.total_changes == self._changes_before

    @property
    def total_changes(self) -> int:
        """The number of rows written since the connection was opened."""
        return int(self._file.total_changes)

    async def serve(self, first: Sequence[str]) -> None:
        """Execute the first statements of an opened connection, then set it up: rows are addressed
        by column name, and another's lock raises at once. Raises `DatabaseError`."""
        await self.call_in_thread(self._execute_first, first)
        self._file.row_factory = Row
        self._file.execute("PRAGMA busy_timeout = 0")

    async def execute(self, sql: str, args: Sequence[Any] = ()) -> Any:
        """Execute one statement and return its cursor. Raises `DatabaseError`."""
        sql = _keep_plan(sql)
        if self._is_quick(sql, args):
            return self._file.execute(sql, args)
        return await self.call_in_thread(self._execute_waiting, sql, args)

    async def fetch(self, sql: str, args: Sequence[Any] = ()) -> list[Any]:
        """Return all rows of a query. Raises `DatabaseError`."""
        sql = _keep_plan(sql)
        if self._thread.is_free and sql.startswith("SELECT") and sql not in self._long:
            self._alarms_left = 2
            try:
                rows: list[Any] = self._file.execute(sql, args).fetchall()
                return rows
            except DatabaseError as error:
                if not _is(error, _INTERRUPTED, _BUSY):
                    raise
                self._long.add(sql)
            finally:
                self._alarms_left = -1
        elif self._is_quick(sql, args):
            return list(self._file.execute(sql, args).fetchall())
        return await self.call_in_thread(self._fetch_waiting, sql, args)

    async def execute_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Execute a statement once for each row of values. Raises `DatabaseError`."""
        if len(rows) <= FEW_ROWS and self._is_quick(sql, rows[0]):
            self._file.executemany(sql, rows)
        else:
            await self.call_in_thread(self._file.executemany, sql, rows)

    async def begin(self) -> None:
        """Begin a transaction that may write; wait if another process does."""
        try:
            await self.execute("BEGIN IMMEDIATE")
        except DatabaseError as error:
            if not _is(error, _BUSY):
                raise
            await self.call_in_thread(self._execute_waiting, "BEGIN IMMEDIATE", ())
        self._changes_before = self.total_changes

    async def commit(self) -> None:
        """Commit the transaction, and return when it is on the disk."""
        await self.call_in_thread(self._file.execute, "COMMIT")

    async def roll_back(self) -> None:
        """Undo the transaction. If it wrote nothing, that needs no disk. Raises `DatabaseError` if
        none is open."""
        if self._wrote_nothing:
            self._file.execute("ROLLBACK")
        else:
            await self.call_in_thread(self._file.execute, "ROLLBACK")

    async def empty_log(self) -> bool:
        """Truncate the write-ahead log. Return whether that could be done, which it can't while
        somebody reads."""
        return await self.call_in_thread(self._empty_log)

    async def call_in_thread(self, function: Callable[..., Value], *args: Any) -> Value:
        """Run a function in the connection's thread, after all that is under way there, and return
        its result.

        It goes on there if the caller is cancelled, unless it has not begun.
        """
        return await self._thread.call(function, *args)

    async def close(self) -> None:
        """Close the database file once, after all that is under way.

        It is closed here and not in the thread: `close` finalizes each statement, and crashes if a
        cursor of it is dropped meanwhile by another thread. What takes long is done before.
        """
        if self._is_closed:
            return
        self._is_closed = True
        try:
            await self.empty_log()
        except (DatabaseError, ThreadEnded) as error:  # as with a wrong key: then it has none
            log.info("a database is closed without emptying its log: %s", error)
        finally:
            self._thread.close()  # nothing is under way, unless this was cancelled
            self._file.close()

    def _empty_log(self) -> bool:
        # All rows: a statement with more to come would keep the file open after `close`.
        rows = self._file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return not any(row[0] for row in rows)

    def _execute_first(self, statements: Sequence[str]) -> None:
        self._file.execute(f"PRAGMA {BUSY_TIMEOUT}")
        for sql in statements:
            self._file.execute(sql).fetchall()

    def _fetch_waiting(self, sql: str, args: Sequence[Any]) -> list[Any]:
        return list(self._execute_waiting(sql, args).fetchall())

    def _execute_waiting(self, sql: str, args: Sequence[Any]) -> Any:
        """Where another process is at work in the file, wait for it: on the loop nothing waits."""
        self._file.execute(f"PRAGMA {BUSY_TIMEOUT}")
        try:
            return self._file.execute(sql, args)
        finally:
            self._file.execute("PRAGMA busy_timeout = 0")

    def _is_quick(self, sql: str, args: Sequence[Any]) -> bool:
        """Whether the statement can run on the loop: it finds the few rows that it writes by a key,
        or it only begins or ends a step."""
        if sql.startswith("PRAGMA"):
            return False  # and is not kept: it may hold the key
        if (known := self._by_key.get(sql)) is None and self._thread.is_free:
            word = sql.split(None, 1)[0]
            known = word in _INSTANT or (word in _CHANGES and self._finds_by_key(sql, args))
            self._by_key[sql] = known
        return bool(known) and self._thread.is_free

    def _finds_by_key(self, sql: str, args: Sequence[Any]) -> bool:
        plan = self._file.execute(f"EXPLAIN QUERY PLAN {sql}", args).fetchall()
        return not any(_may_be_long(str(row[3])) for row in plan)


def _keep_plan(sql: str) -> str:
    """Return the statement so that SQLite plans it once. It would plan by the value of a bound
    limit, and so prepare the statement again each time; not by that of an expression."""
    return sql.replace("LIMIT ?", "LIMIT 0 + ?")


def _may_be_long(step: str) -> bool:
    """Return whether a step of a plan reads a whole table, sorts, or reads a range of an index."""
    walks = step.startswith("SCAN") and not step.startswith(("SCAN json_each", "SCAN CONSTANT"))
    return walks or "TEMP B-TREE" in step or ">?" in step or "<?" in step


def _is(error: Exception, *codes: int) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in codes
