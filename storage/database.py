"""One SQLCipher file, one connection, one transaction at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from storage.connection import Connection
from storage.connection import DatabaseError as DatabaseError
from storage.connection import Row as Row
from storage.files import disk
from storage.files.disk import database_failed as database_failed
from storage.files.disk_thread import DiskThread

Value = TypeVar("Value")

PRAGMAS = (
    "cipher_log_level = NONE",
    "foreign_keys = ON",
    "journal_mode = WAL",
    "synchronous = FULL",
    "secure_delete = ON",
    "temp_store = MEMORY",
    "cache_size = -1000",  # KiB; this SQLCipher's own choice is eight times as much
)
SETTING_UP = (*(f"PRAGMA {one}" for one in PRAGMAS), "SELECT count(*) FROM sqlite_master")
"""What is executed behind the key: the last one finds out whether it fits."""


class WrongKey(Exception):
    """The file exists and this key does not open it.

    If the key fits `key.json` (`storage.encryption.keys.unlock` checks that), the first page is
    damaged or the file belongs to other data.
    """


def is_not_a_database(error: BaseException) -> bool:
    """Return whether SQLCipher finds no database under this key."""
    return "not a database" in str(error)


class Tx:
    """An open transaction."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self.shreds = False

    def shred(self) -> None:
        """Also remove the rows that this transaction deletes from the write-ahead log."""
        self.shreds = True

    @property
    def folder(self) -> Path:
        """The folder that the database lies in."""
        return self._conn.path.parent

    @property
    def changes(self) -> int:
        """A count of written rows. Compare two values to see whether anything was written."""
        return self._conn.total_changes

    async def run(self, sql: str, *args: Any) -> int:
        """Execute a statement and return the id of the last row it inserted."""
        cursor = await self._conn.execute(sql, args)
        return int(cursor.lastrowid or 0)

    async def change(self, sql: str, *args: Any) -> int:
        """Execute a statement and return the number of rows it changed."""
        cursor = await self._conn.execute(sql, args)
        return int(cursor.rowcount)

    async def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Execute a statement once for each of many rows of values."""
        if rows:
            await self._conn.execute_many(sql, rows)

    async def one(self, sql: str, *args: Any) -> Any | None:
        """Return the first row, addressed by column name, or None. Add `LIMIT 1` where many
        match.
        """
        rows = await self._conn.fetch(sql, args)
        return rows[0] if rows else None

    async def column(self, kind: Callable[[Any], Value], sql: str, *args: Any) -> list[Value]:
        """Return the first column of all rows, each value as `kind`: `UserId`, `Number`."""
        return [kind(row[0]) for row in await self._conn.fetch(sql, args)]

    async def count(self, sql: str, *args: Any) -> int:
        """Return the number that a query selects `AS n`, or 0 without a row."""
        row = await self.one(sql, *args)
        return int(row["n"]) if row else 0

    async def exists(self, sql: str, *args: Any) -> bool:
        """Return whether a query gives any row."""
        return await self.one(sql, *args) is not None

    async def all(self, sql: str, *args: Any) -> list[Any]:
        """Return all rows of a query."""
        return await self._conn.fetch(sql, args)

    async def has_table(self, name: str) -> bool:
        """Return whether the table exists. A database of an older version has fewer."""
        query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
        return await self.exists(query, name)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Return a context after which only its own changes are rolled back if it raises; the
        transaction goes on."""
        await self._conn.execute("SAVEPOINT inner_step")
        try:
            yield
        except BaseException:
            await self._conn.execute("ROLLBACK TO inner_step")
            await self._conn.execute("RELEASE inner_step")
            raise
        await self._conn.execute("RELEASE inner_step")


class Database:
    """An open encrypted database."""

    def __init__(self, conn: Connection, path: Path) -> None:
        self._conn = conn
        self._turn = asyncio.Lock()
        self._traces = True  # a crash may have left some
        self.path = path

    @classmethod
    async def open(
        cls,
        path: Path,
        key: bytes,
        *,
        create: bool = True,
        plans: dict[str, bool] | None = None,
        thread: DiskThread | None = None,
    ) -> Database:
        """Open or create the file with the raw 32-byte `key`, and return the database. Raises
        `WrongKey` if the key does not fit, `DatabaseDamaged` if the file can't be read, and
        `DiskTrouble` if the disk or folder is the problem. An existing file is never replaced.

        `plans`: a cache, filled here and shared by files with the same tables: whether a statement
        that changes rows finds them by a key, and so may run on the event loop. `thread` runs all
        others; without one the database starts its own.
        """
        try:
            if not path.exists():
                if not create:
                    raise FileNotFoundError(path)
                path.touch(mode=0o600)
        except OSError as error:
            raise disk.disk_cause(error, path) or error from None
        conn: Connection | None = None
        thread = thread or DiskThread("database")
        try:
            conn = await thread.call(Connection, path, plans, thread)
            await conn.serve((f"PRAGMA key = \"x'{key.hex()}'\"", *SETTING_UP))
        except DatabaseError as error:
            if conn is not None:
                await conn.close()
            thread.close()
            if is_not_a_database(error):
                raise WrongKey(str(path)) from error
            raise disk.disk_cause(error, path) or error from None
        return cls(conn, path)

    async def close(self) -> None:
        """Close the connection."""
        await self._conn.close()

    async def rekey(self, key: bytes) -> None:
        """Encrypt the database file with another raw 32-byte key, in one transaction of SQLCipher.

        The log is emptied at once: `close` would do it, and hold up all threads as long.
        """
        async with self._turn:
            await self._conn.execute(f"PRAGMA rekey = \"x'{key.hex()}'\"")
            await self._scrub()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """Return a context manager that commits everything at its end, or nothing if it raises.

        Transactions run one at a time, in order.
        """
        async with self._turn:
            try:
                # Inside: a cancelled BEGIN may have gone through in SQLite's thread.
                await self._conn.begin()
                tx = Tx(self._conn)
                yield tx
                await self._conn.commit()
            except BaseException:
                await asyncio.shield(self._roll_back())
                raise
            self._traces = self._traces or tx.shreds
            if self._traces:
                await self._scrub()

    async def _scrub(self) -> None:
        """Truncate the write-ahead log. While a backup reads it, that is done later."""
        self._traces = not await self._conn.empty_log()

    async def _roll_back(self) -> None:
        # A cancelled COMMIT may have gone through in SQLite's thread: then nothing is to undo.
        try:
            await self._conn.roll_back()
        except DatabaseError:
            if self._conn.in_transaction:
                raise

    @property
    def changes(self) -> int:
        """A count of written rows. While it stays the same, so does all that was read."""
        return self._conn.total_changes

    def reading(self) -> AbstractAsyncContextManager[Tx]:
        """Return a context in which committed data is read. Nothing may be changed inside."""
        return _Reading(self._turn, self._conn)


class _Reading(AbstractAsyncContextManager[Tx]):
    """A turn at the database. No generator, which costs more than most of what is read in it."""

    __slots__ = ("_conn", "_turn")

    def __init__(self, turn: asyncio.Lock, conn: Connection) -> None:
        self._turn, self._conn = turn, conn

    async def __aenter__(self) -> Tx:
        await self._turn.acquire()
        return Tx(self._conn)

    async def __aexit__(self, *_: object) -> None:
        self._turn.release()
