"""Tables of a new database that are copied: made step by step they take half a second each time.

What is copied was made by `storage.schema.migrate` in the same process, and `migrate` then looks at
the copy as at any database. Whoever tests the steps themselves uses `migrate` alone.
"""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from storage.database import Database
from storage.schema import migrate, schema_versions

KEY = bytes(32)
_MADE: dict[tuple[tuple[str, Path], ...], Path] = {}
"""The file with the tables of these owners."""


async def migrate_by_copy(db: Database, owners: Mapping[str, Path]) -> None:
    """Do what `migrate` does; a database without tables gets copies of all."""
    if await _is_new(db):
        kept = _MADE.get(tuple(owners.items())) or await make(owners)
        await _copy(kept, db)
        await _draw_again(db, owners)
    await migrate(db, owners)


async def make(owners: Mapping[str, Path]) -> Path:
    """Make what is copied, for this process and its forks; it goes when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="minga-schema-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    db = await Database.open(folder / "kept.db", KEY)
    try:
        await migrate(db, owners)
        async with db.transaction() as tx:
            await tx.run("DELETE FROM release")  # `migrate` notes when it is looked at
        async with db.reading() as tx:
            await tx.run("PRAGMA journal_mode = DELETE")  # one file, which nobody changes
    finally:
        await db.close()
    return _MADE.setdefault(tuple(owners.items()), folder / "kept.db")


async def _is_new(db: Database) -> bool:
    async with db.reading() as tx:
        return not await schema_versions(tx) and not await tx.count(
            "SELECT count(*) AS n FROM sqlite_master"
        )


async def _draw_again(db: Database, owners: Mapping[str, Path]) -> None:
    """Give it secrets of its own: no two databases have drawn the same."""
    files = [file for folder in owners.values() for file in folder.glob("*.sql")]
    async with db.transaction() as tx:
        for text in (file.read_text(encoding="utf-8") for file in files):
            for drawn in re.findall(r"^INSERT (INTO .*randomblob.*);$", text, re.MULTILINE):
                await tx.run(f"INSERT OR REPLACE {drawn}")


async def _copy(kept: Path, db: Database) -> None:
    async with db.reading() as tx:  # a file can't be attached in a transaction
        await tx.run(f"ATTACH ? AS kept KEY \"x'{KEY.hex()}'\"", str(kept))
        await tx.run("BEGIN")
        await tx.run("SELECT sqlcipher_export('main', 'kept')")
        await tx.run("COMMIT")
        await tx.run("DETACH kept")
        await tx.run("PRAGMA writable_schema = RESET")  # its virtual tables are seen only now
