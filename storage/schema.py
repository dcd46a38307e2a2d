"""Schema migrations: numbered SQL files per owner, each run once, those of one start together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.i18n import ToldError, _
from bot.lines import Line
from storage import releases
from storage.connection import is_whole_statement
from storage.database import Database, DatabaseError, Tx, database_failed

CORE = Path(__file__).parent / "migrations"
"""The core's steps. Those in its folder `last` run after everybody else's."""


class DatabaseTooNew(ToldError):
    """A newer version of the bot wrote the database, so this one must not change it."""


class MigrationFailed(ToldError):
    """A step failed, which is a bug. Nothing was changed."""


async def migrate(db: Database, owners: Mapping[str, Path]) -> None:
    """Upgrade the core's tables, then each owner's, to the newest known version.

    All steps are one transaction: after a failure, or a crash, everything is as it was. Raises
    `DatabaseTooNew` or, for a database in which there was something, `MigrationFailed`.
    """
    steps = _all_steps(owners)
    async with db.transaction() as tx:
        before = await releases.last_release(tx)
        await tx.run(
            "CREATE TABLE IF NOT EXISTS schema_version"
            " (owner TEXT PRIMARY KEY, version INTEGER NOT NULL)"
        )
        done = await schema_versions(tx)
        await _refuse_newer(tx, done, steps)
        for owner, number, file in _pending(done, steps):
            try:
                await _step(tx, owner, number, file)
            except DatabaseError as error:
                if not done or database_failed(error):
                    raise
                raise MigrationFailed(_failed_line(file, error, before)) from error
        await releases.note_release(tx)


async def has_pending(db: Database, owners: Mapping[str, Path]) -> bool:
    """Return whether `migrate` would change tables that may hold data.

    Raises `DatabaseTooNew` where it would. Changes nothing.
    """
    async with db.reading() as tx:
        done = await schema_versions(tx)
        steps = _all_steps(owners)
        await _refuse_newer(tx, done, steps)
    return bool(done) and any(True for _one in _pending(done, steps))


async def schema_versions(tx: Tx) -> dict[str, int]:
    """Return how many migrations each owner's tables have had; empty for a new database."""
    if not await tx.has_table("schema_version"):
        return {}
    return {r["owner"]: r["version"] for r in await tx.all("SELECT * FROM schema_version")}


async def is_current(db: Database) -> bool:
    """Return whether the core's tables are of the version of this program. Changes nothing."""
    async with db.reading() as tx:
        done = await schema_versions(tx)
    return done.get("core") == len(_steps(CORE))


async def _refuse_newer(tx: Tx, done: Mapping[str, int], steps: Mapping[str, list[Path]]) -> None:
    for owner, files in steps.items():
        if done.get(owner, 0) > len(files):
            raise DatabaseTooNew(_newer_line(await releases.last_release(tx)))


def _newer_line(theirs: str) -> Line:
    ours = releases.program_version()
    if theirs in (ours, releases.BEFORE_THE_FIRST):  # between two releases
        return _("A newer Minga wrote this database: install that one.")
    return _(
        "Minga {theirs} wrote this database, and this is Minga {ours}. Install {theirs}; or go back"
        " to the copy from before it: minga rollback",
        theirs=theirs,
        ours=ours,
    )


def _failed_line(file: Path, error: Exception, before: str) -> Line:
    return _(
        "Step {step} of the upgrade failed ({error}), which is a bug. Nothing was changed. Install"
        " Minga {before} again, which goes on as before, and report it.",
        step=f"{file.parent.parent.name}/{file.name}",
        error=type(error).__name__,
        before=before,
    )


def _pending(
    done: Mapping[str, int], steps: Mapping[str, list[Path]]
) -> Iterator[tuple[str, int, Path]]:
    """Yield the steps that are to be done: whose, which number, and the file."""
    for owner, files in steps.items():
        for number, file in enumerate(files, start=1):
            if number > done.get(owner, 0):
                yield owner, number, file


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


async def _step(tx: Tx, owner: str, number: int, file: Path) -> None:
    for statement in statements(file.read_text(encoding="utf-8")):
        await tx.run(statement)
    await tx.run(
        "INSERT INTO schema_version VALUES (?1, ?2) ON CONFLICT (owner) DO UPDATE SET version = ?2",
        owner,
        number,
    )


def statements(script: str) -> list[str]:
    """Return the statements of an SQL script. Raises `ValueError` for an unfinished one."""
    found, current = [], ""
    for line in script.splitlines(keepends=True):
        current += line
        if is_whole_statement(current):
            found.append(current.strip())
            current = ""
    if current.strip() and not all(
        not part or part.startswith("--") for part in map(str.strip, current.splitlines())
    ):
        raise ValueError(f"unfinished statement: {current.strip()[:60]}")
    return found
