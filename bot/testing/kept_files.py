"""Open database files that conversations take one after the other.

SQLite reads all tables' definitions and prepares each statement anew for each file that it opens:
half of what a conversation's start took, and a tenth of its test. So a file stays open. It is
renamed to where the next conversation has its own, and its first content is put back afterwards.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, Self

from bot.testing.no_thread import NoThread
from storage.connection import Connection, DatabaseError
from storage.database import SETTING_UP, Database

PIECE = 16 * 1024
"""Bytes that are compared at once, and written if they differ."""
BESIDE = ("", "-wal", "-shm")
"""What SQLite adds to the name of a database for its files."""
WAL_INDEX_HEADER = 136
"""Without it SQLite takes the file for changed by somebody else (sqlite.org/walformat.html), and
forgets all that it has read in it: its own pages, and what full text search knows of them."""
MOST_IDLE = 8
"""How many files wait: sometimes several bots talk with each other, and some can do less."""


class KeptFile:
    """A database file that stays open, under a name of its own while nobody uses it."""

    def __init__(self, home: Path, content: bytes, key: bytes) -> None:
        """Write and open it. Raises `DatabaseError`."""
        self.home, self.content = home, content
        starts = range(0, len(content), PIECE)
        self._pieces = [(start, content[start : start + PIECE]) for start in starts]
        home.touch(mode=0o600)
        home.write_bytes(content)
        self.handle: Any = Connection.open_file(home)
        for statement in (f"PRAGMA key = \"x'{key.hex()}'\"", *SETTING_UP):
            self.handle.execute(statement).fetchall()
        self._inodes = [_beside(home, suffix).stat().st_ino for suffix in BESIDE]

    def move(self, path: Path) -> None:
        """Rename it to where a conversation has its file."""
        for suffix in BESIDE:
            _beside(self.home, suffix).rename(_beside(path, suffix))

    def bring_back(self, path: Path) -> bool:
        """Rename it to its own name and put its first content back. Return whether it can be used
        again: not if something still reads or writes it, or if it was moved away or replaced."""
        try:
            return self._is_free_at(path) and self._bring_back(path)
        except (DatabaseError, OSError):
            return False

    def close(self) -> None:
        """Close it, wherever it is, and remove what is left under its own name."""
        self.handle.close()
        for suffix in BESIDE:
            _beside(self.home, suffix).unlink(missing_ok=True)

    def _is_free_at(self, path: Path) -> bool:
        if self.handle.in_transaction:
            return False
        if [_beside(path, suffix).stat().st_ino for suffix in BESIDE] != self._inodes:
            return False
        if len(self.handle.execute("PRAGMA database_list").fetchall()) > 1:
            return False
        return not self.handle.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()[0][0]

    def _bring_back(self, path: Path) -> bool:
        for suffix in BESIDE:
            _beside(path, suffix).rename(_beside(self.home, suffix))
        with self.home.open("r+b", buffering=0) as file:
            for start, piece in self._pieces:
                if os.pread(file.fileno(), PIECE, start) != piece:
                    os.pwrite(file.fileno(), piece, start)
            file.truncate(len(self.content))
        with _beside(self.home, "-shm").open("r+b") as index:
            index.write(bytes(WAL_INDEX_HEADER))
        self.handle.execute("SELECT count(*) FROM schema_version").fetchall()
        return True


class KeptFiles:
    """Those that wait, the last used last; none stays open where no folder was given."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._idle: list[KeptFile] = []
        self._made = 0
        self._parents: list[object] = []
        os.register_at_fork(after_in_child=self._leave_to_parent)

    @contextmanager
    def kept_in(self, folder: Path) -> Iterator[None]:
        """Keep files open in this folder meanwhile."""
        before, self._folder = self._folder, folder
        try:
            yield
        finally:
            self._folder = before
            for file in self._idle:
                file.close()
            self._idle.clear()

    def take(self, path: Path, content: bytes, key: bytes) -> KeptFile | None:
        """Return an open file with this content under this path, or None where none is kept: no
        file can be renamed to another disk."""
        if self._folder is None or path.parent.stat().st_dev != self._folder.stat().st_dev:
            return None
        same = [file for file in self._idle if file.content is content]
        if same:
            self._idle.remove(same[-1])
        else:
            self._made += 1
            same = [KeptFile(self._folder / f"{self._made}.db", content, key)]
        same[-1].move(path)
        return same[-1]

    def give_back(self, file: KeptFile, path: Path) -> None:
        """Keep the file for the next conversation, or close it if that can't be."""
        if self._folder and file.bring_back(path):
            self._idle.append(file)
        else:
            file.close()
        while len(self._idle) > MOST_IDLE:
            self._idle.pop(0).close()

    def _leave_to_parent(self) -> None:
        """In a fork, use none of the files that its parent has open too, nor close them."""
        self._parents.append(self._idle)
        self._folder, self._idle = None, []


KEPT = KeptFiles()


class KeptConnection(Connection):
    """A connection to a file that is open already."""

    def __init__(self, file: KeptFile, path: Path, plans: dict[str, bool]) -> None:
        self._kept = file
        super().__init__(path, plans, NoThread(), opened=file.handle)

    def give_back(self) -> None:
        """Give the file back instead of closing it. Whoever uses the connection later is refused,
        as by one that was closed."""
        if not self._is_closed:
            self._is_closed = True
            self._thread.close()
            self._file = _Gone()
            KEPT.give_back(self._kept, self.path)


class KeptDatabase(Database):
    """A database in a file that is open already. `close` closes the file, as with any other."""

    _conn: KeptConnection

    @classmethod
    async def take(
        cls, path: Path, content: bytes, key: bytes, plans: dict[str, bool]
    ) -> Self | None:
        """Return a database with this content at the path, or None where no files are kept."""
        file = KEPT.take(path, content, key)
        if file is None:
            return None
        conn = KeptConnection(file, path, plans)
        await conn.serve(SETTING_UP)  # what a test has set otherwise is as it was
        return cls(conn, path)

    def give_back(self) -> None:
        """Leave the file to the next conversation, unless it was closed."""
        self._conn.give_back()


async def end(db: Database, *, leaves_file: bool) -> None:
    """Leave the database's file to the next conversation, or close it where it is to stay."""
    if isinstance(db, KeptDatabase) and not leaves_file:
        db.give_back()
    else:
        await db.close()


class _Gone:
    """Stands where a connection had its file before it was given back."""

    def __getattr__(self, name: str) -> NoReturn:
        raise DatabaseError("closed: the file is another conversation's now")


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)
