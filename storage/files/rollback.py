"""Goes back to the database from before an upgrade; the newer one is put aside.

What was done since is not known to it. So it goes on as a copied folder does (docs/decisions/0027):
its next start logs in as a new device, as after a restore, and only if no other bot took the
account over since the newer database was used last.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bot.i18n import ToldError, _
from storage import releases, schema
from storage.database import Database, Tx, WrongKey
from storage.encryption import secret_files
from storage.encryption.keys import DATABASE, Keys
from storage.files import run_history
from storage.files.disk import DatabaseDamaged, disk_cause
from storage.files.run_history import RunHistory
from storage.files.upgrade_copies import (
    ROLLING_BACK,
    UpgradeCopy,
    copy_path,
    kept_copies,
    read_name,
)
from storage.sections import handovers


class RollbackError(ToldError):
    """Nothing was changed. The message says why."""


@dataclass(frozen=True, slots=True)
class RolledBack:
    """Where the database went back to, what became of the newer one, and what only that one has."""

    to: UpgradeCopy
    aside: Path
    newer: str
    lost: int
    """How many things with a number began since the copy was made."""


@dataclass(frozen=True, slots=True)
class _Newer:
    """What is carried over from the database that is in use."""

    version: str
    schema: Mapping[str, int]
    runs: RunHistory
    numbers: Mapping[str, int]
    """The highest numbers that were given, by table."""
    handovers: frozenset[tuple[str, str, bool]]
    """How far each handover of rooms to another bot, or from it, is."""


async def roll_back(data: Path, keys: Keys, chosen: Path | None = None) -> RolledBack:
    """Replace the database by the newest copy of an older version, or by the `chosen` one. Return
    what went back and what is lost.

    The caller holds the lock of `data`. After a crash the database is the newer or the older one,
    whole. Raises `RollbackError`, `WrongKey`, `DatabaseDamaged` or `DiskTrouble`.
    """
    for left in data.glob(f"{ROLLING_BACK}*"):
        left.unlink()
    newer = await _read_newer(data, keys)
    temporary = data / f"{ROLLING_BACK}{secrets.token_hex(4)}"
    try:
        to = await _choose(data, keys, newer, chosen, temporary)
        lost = await _prepare(temporary, keys, newer)
        aside = copy_path(data, newer.version, datetime.now(UTC))
        _put_aside(data / DATABASE, aside)
        temporary.replace(data / DATABASE)
        secret_files.sync_folder(data)
    except OSError as error:
        raise disk_cause(error, data) or error from None
    finally:
        _remove(temporary)
    return RolledBack(to, aside, newer.version, lost)


async def _read_newer(data: Path, keys: Keys) -> _Newer:
    """Read the database in use. When it is closed again its file is complete."""
    if not (data / DATABASE).exists():
        raise RollbackError(_("There is no database in {data} to go back from.", data=data))
    db = await Database.open(data / DATABASE, keys.db, create=False)
    try:
        async with db.reading() as tx:
            made = await tx.has_table("run_history")
            found = _Newer(
                await releases.last_release(tx),
                await schema.schema_versions(tx),
                await run_history.get_history(tx) if made else RunHistory(),
                await _numbers(tx),
                await handovers.progress(tx),
            )
    finally:
        await db.close()
    if found.runs.why:
        raise RollbackError(
            _("Another bot took over from this one: going back would make two. See: minga doctor")
        )
    _refuse_readers(data / DATABASE)
    return found


def _refuse_readers(database: Path) -> None:
    """Raise `RollbackError` while somebody has the database open: its log fits no other file."""
    if database.with_name(f"{database.name}-wal").exists():
        raise RollbackError(
            _("Another minga command is reading {file}: wait for it to end.", file=database)
        )


async def _choose(
    data: Path, keys: Keys, newer: _Newer, chosen: Path | None, temporary: Path
) -> UpgradeCopy:
    """Write the copy to go back to into `temporary`, and return which it is."""
    if chosen is not None:
        named = read_name(chosen.resolve())
        if named is None or named.path.parent != data.resolve() or not chosen.exists():
            raise RollbackError(
                _("{file} is no copy of the database in {data}.", file=chosen, data=data)
            )
        await _copy_sound(named, keys, temporary)
        return named
    for one in kept_copies(data):
        if one.version == newer.version:
            continue
        if _is_older(await _copy_sound(one, keys, temporary), newer.schema):
            return one
        _remove(temporary)
    raise RollbackError(
        _(
            "No copy of an older version is kept in {data}. A backup from then goes back too, with"
            " its own version: minga restore",
            data=data,
        )
    )


async def _copy_sound(copy: UpgradeCopy, keys: Keys, temporary: Path) -> dict[str, int]:
    """Copy the file, check it, and return its schema versions. Raises `RollbackError`."""
    temporary.touch(mode=0o600, exist_ok=False)
    shutil.copyfile(copy.path, temporary)
    try:
        db = await Database.open(temporary, keys.db, create=False)
        try:
            async with db.reading() as tx:
                fine = await tx.one("PRAGMA integrity_check")
                versions = await schema.schema_versions(tx)
                if versions and fine is not None and fine[0] == "ok":
                    return versions
        finally:
            await db.close()
    except WrongKey:
        pass
    except Exception as error:
        if not isinstance(disk_cause(error), DatabaseDamaged):
            raise
    raise RollbackError(
        _("{file} is damaged, or locked with an earlier key: it can't be used.", file=copy.path)
    )


def _is_older(copy: Mapping[str, int], newer: Mapping[str, int]) -> bool:
    """Return whether the copy has had fewer steps than the database in use, and none beyond."""
    return copy != newer and all(newer.get(owner, 0) >= number for owner, number in copy.items())


async def _prepare(temporary: Path, keys: Keys, newer: _Newer) -> int:
    """Let the copy begin anew after what the newer database did. Return what that has more.

    Raises `RollbackError` if rooms changed hands since: the copy knows of other rooms as its own.
    """
    db = await Database.open(temporary, keys.db, create=False)
    try:
        async with db.transaction() as tx:
            if await handovers.progress(tx) != newer.handovers:
                raise RollbackError(
                    _(
                        "Rooms went from one bot to another since this copy was made: going back,"
                        " two bots would act there, or none. Stay with Minga {version}.",
                        version=newer.version,
                    )
                )
            before = await _numbers(tx)
            for table, number in newer.numbers.items():
                await tx.run(
                    "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", number, table
                )
            await _begin_anew(tx, replace(newer.runs, folder="", stale=True))
    finally:
        await db.close()
    return max(0, newer.numbers.get("item", 0) - before.get("item", 0))


async def _begin_anew(tx: Tx, past: RunHistory) -> None:
    if await tx.has_table("run_history"):
        await tx.run(
            "INSERT OR REPLACE INTO run_history (one, runs, folder, over, stale, why)"
            " VALUES (1, ?, '', ?, 1, '')",
            json.dumps(past.runs),
            past.over,
        )
        named = await tx.all("SELECT 1 FROM pragma_table_info('run_history') WHERE name='devices'")
        if named:  # an older version has no such column
            await tx.run("UPDATE run_history SET devices = ?", json.dumps(past.devices))
    else:  # an older version had it here: migration 25 moves it
        kept = {"runs": past.runs, "folder": "", "over": past.over, "stale": True, "why": ""}
        await tx.run("INSERT OR REPLACE INTO fact VALUES ('runs', ?)", json.dumps(kept))


async def _numbers(tx: Tx) -> dict[str, int]:
    rows = await tx.all("SELECT name, seq FROM sqlite_sequence WHERE name IN ('item', 'letter')")
    return {row["name"]: row["seq"] for row in rows}


def _put_aside(database: Path, aside: Path) -> None:
    """Give the file a second name, which stays when another file takes its first one."""
    second = database.with_name(f"{ROLLING_BACK}{secrets.token_hex(4)}")
    try:
        os.link(database, second)
    except OSError:  # a file system without links
        second.touch(mode=0o600, exist_ok=False)
        shutil.copyfile(database, second)
    with second.open("rb") as file:
        os.fsync(file.fileno())
    second.replace(aside)
    second.unlink(missing_ok=True)  # both were names of one file already


def _remove(temporary: Path) -> None:
    for path in temporary.parent.glob(f"{temporary.name}*"):
        path.unlink()
