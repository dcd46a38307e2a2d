"""Schema migrations: numbered SQL files per owner, each run once in its own transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path

from storage.database import Database

CORE = Path(__file__).parent / "migrations"
"""The core's steps. Those in its folder `last` run after everybody else's."""


class DatabaseTooNew(Exception):
    """A newer version of the bot wrote the database, so this one must not change it."""


async def migrate(db: Database, owners: Mapping[str, Path]) -> None:
    """Bring the core's tables, then each owner's, to the newest known version.

    Raises `DatabaseTooNew` before anything is changed.
    """
    steps = _all_steps(owners)
    async with db.transaction() as tx:
        await tx.run(
            "CREATE TABLE IF NOT EXISTS schema_version"
            " (owner TEXT PRIMARY KEY, version INTEGER NOT NULL)"
        )
        done = {r["owner"]: r["version"] for r in await tx.all("SELECT * FROM schema_version")}
    _refuse_newer(done, steps)
    for owner, files in steps.items():
        for number, file in enumerate(files[done.get(owner, 0) :], start=done.get(owner, 0) + 1):
            await _step(db, owner, number, file)


async def refuse_newer(db: Database, owners: Mapping[str, Path]) -> None:
    """Raise `DatabaseTooNew` where `migrate` would. Changes nothing."""
    async with db.reading() as tx:
        made = await tx.has_table("schema_version")
        rows = await tx.all("SELECT * FROM schema_version") if made else []
    steps = _all_steps(owners)
    _refuse_newer({r["owner"]: r["version"] for r in rows}, steps)


async def is_current(db: Database) -> bool:
    """Return whether the core's tables are those of this program. Changes nothing."""
    async with db.reading() as tx:
        if not await tx.has_table("schema_version"):
            return False
        row = await tx.one("SELECT version FROM schema_version WHERE owner = 'core'")
    return row is not None and row["version"] == len(_steps(CORE))


def _refuse_newer(done: Mapping[str, int], steps: Mapping[str, list[Path]]) -> None:
    for owner, files in steps.items():
        if done.get(owner, 0) > len(files):
            raise DatabaseTooNew(f"{owner} is at {done[owner]}, this program knows {len(files)}")


def _all_steps(owners: Mapping[str, Path]) -> dict[str, list[Path]]:
    """Return everybody's steps, in the order in which owners take their turns."""
    folders = {"core": CORE, **owners, "core_last": CORE / "last"}
    return {owner: _steps(folder) for owner, folder in folders.items()}


def _steps(folder: Path) -> list[Path]:
    files = sorted(folder.glob("*.sql"))
    for number, file in enumerate(files, start=1):
        if not file.name.startswith(f"{number:04d}_"):
            raise ValueError(f"{file} should be number {number:04d}")
    return files


async def _step(db: Database, owner: str, number: int, file: Path) -> None:
    async with db.transaction() as tx:
        for statement in statements(file.read_text(encoding="utf-8")):
            await tx.run(statement)
        await tx.run(
            "INSERT INTO schema_version VALUES (?1, ?2)"
            " ON CONFLICT (owner) DO UPDATE SET version = ?2",
            owner,
            number,
        )


def statements(script: str) -> list[str]:
    """Split a script into statements, as SQLite does. Raises `ValueError` for an unfinished one."""
    found, current = [], ""
    for line in script.splitlines(keepends=True):
        current += line
        if sqlite3.complete_statement(current):
            found.append(current.strip())
            current = ""
    if current.strip() and not all(
        not part or part.startswith("--") for part in map(str.strip, current.splitlines())
    ):
        raise ValueError(f"unfinished statement: {current.strip()[:60]}")
    return found
