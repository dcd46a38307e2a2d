"""Tables that tests copy are those that the steps make."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.capability.discovery import features, migration_folders
from storage.database import Database
from storage.schema import migrate
from tests.kept_schema import migrate_by_copy

DRAWN = {"library_key"}
OF_THEIR_OWN = {"release", "findable_vocabulary"}
"""When it was made, and a view of what is found."""


async def made(path: Path, key: int, how: Any) -> tuple[list[Any], dict[str, list[Any]]]:
    """A new database's schema, and the rows that it begins with."""
    db = await Database.open(path, bytes([key]) * 32)
    try:
        await how(db, migration_folders(features()))
        async with db.reading() as tx:
            schema = await tx.all("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 2")
            tables = [row["name"] for row in schema if row["type"] == "table"]
            rows = {
                name: [tuple(row) for row in await tx.all(f'SELECT * FROM "{name}"')]  # noqa: S608
                for name in set(tables) - OF_THEIR_OWN
            }
        return [tuple(row) for row in schema], rows
    finally:
        await db.close()


async def test_a_copy_is_what_the_steps_make_with_secrets_of_its_own(tmp_path: Path) -> None:
    stepped = await made(tmp_path / "stepped.db", 1, migrate)
    first = await made(tmp_path / "first.db", 2, migrate_by_copy)
    second = await made(tmp_path / "second.db", 3, migrate_by_copy)
    assert first[0] == second[0] == stepped[0]
    differ = {name for name, rows in stepped[1].items() if rows != first[1][name]}
    assert differ == {name for name, rows in first[1].items() if rows != second[1][name]} == DRAWN
