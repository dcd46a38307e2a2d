"""Copies of the database from before an upgrade, beside it (docs/decisions/0045).

A copy has the same key and the same live salt as the database, and is called by the version that
worked on it last. What is deleted in the database since lives on in it: so there are few, and none
for long.
"""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.i18n import _
from storage import releases
from storage.database import Database, DatabaseError
from storage.encryption import secret_files
from storage.files import disk

KEPT = 2
"""How many versions back."""
KEPT_FOR = timedelta(days=7)
"""As long as a backup should be kept."""
UNFINISHED, ROLLING_BACK = ".upgrade-", ".rollback-"
"""What files are called that are still being written."""
_NAME = re.compile(r"minga-(?P<version>\d[\w.+]{0,40})-(?P<made>\d{8}T\d{6}Z)\.db", re.ASCII)
_STAMP = "%Y%m%dT%H%M%SZ"
_MARGIN = 16 << 20
"""Bytes that stay free beside all that an upgrade writes."""
_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class UpgradeCopy:
    """A database that was put aside: the version that worked on it last, and when (UTC)."""

    path: Path
    version: str
    made: datetime


def copy_path(data: Path, version: str, made: datetime) -> Path:
    """Return the path of the copy of a database of this version, put aside at this time."""
    return data / f"minga-{version}-{made:{_STAMP}}.db"


def read_name(path: Path) -> UpgradeCopy | None:
    """Return the version and time that the name of a database's copy tells, or None if it is no
    such name."""
    found = _NAME.fullmatch(path.name)
    if found is None:
        return None
    try:
        made = datetime.strptime(found["made"], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
    return UpgradeCopy(path, found["version"], made)


def kept_copies(data: Path) -> list[UpgradeCopy]:
    """Return the copies of databases that were put aside before upgrades, newest first."""
    found = [one for one in map(read_name, data.glob("minga-*.db")) if one is not None]
    return sorted(found, key=lambda one: (one.made, one.version), reverse=True)


def remove_expired(data: Path, now: datetime) -> None:
    """Remove the copies of the database made before upgrades that are older than `KEPT_FOR`, and
    all but the newest `KEPT`."""
    for number, one in enumerate(kept_copies(data)):
        if number >= KEPT or now - one.made > KEPT_FOR:
            one.path.unlink(missing_ok=True)


async def copy_before_upgrade(db: Database) -> UpgradeCopy:
    """Write a copy of the database as it is, with mode 0600, and return it. It is whole, or not
    there.

    It takes the place of an older one of the same version. Raises `DiskTrouble` if there is no
    room, before anything is written; nothing is left of a copy that fails.
    """
    data = db.path.parent
    now = datetime.now(UTC).replace(microsecond=0)
    remove_expired(data, now)
    for left in data.glob(f"{UNFINISHED}*"):
        left.unlink()
    await require_space(db)
    version = await _last_release(db)
    before = [one for one in kept_copies(data) if one.version == version]
    temporary = data / f"{UNFINISHED}{secrets.token_hex(4)}"
    copy = UpgradeCopy(copy_path(data, version, now), version, now)
    try:
        temporary.touch(mode=0o600, exist_ok=False)
        async with db.reading() as tx:
            await tx.run("VACUUM INTO ?", str(temporary))
        with temporary.open("rb+") as file:
            secret_files.sync_file(file)
        temporary.replace(copy.path)
        secret_files.sync_folder(data)
    except (DatabaseError, OSError) as error:
        raise disk.disk_cause(error, data) or error from None
    finally:
        temporary.unlink(missing_ok=True)
    for one in before:
        if one.path != copy.path:
            one.path.unlink()
    remove_expired(data, now)
    return copy


async def _last_release(db: Database) -> str:
    """Return the version of Minga that worked on the database last."""
    async with db.reading() as tx:
        return await releases.last_release(tx)


async def require_space(db: Database) -> None:
    """Raise `DiskTrouble` if the disk has too little free space for an upgrade of the database,
    whether one is needed or not.

    Twice the size of the database with its write-ahead log must be free: once for a copy of it, and
    once for the log, into which an upgrade may write each page.
    """
    database = db.path
    log = database.with_name(f"{database.name}-wal")
    size = database.stat().st_size + (log.stat().st_size if log.exists() else 0)
    there = os.statvfs(database.parent)
    free, needed = there.f_bavail * there.f_frsize, 2 * size + _MARGIN
    if free >= needed:
        return
    told = _(
        "No room to bring the database up to date: {folder} has {free} MiB free, and it and a copy"
        " of it need {needed} MiB.",
        folder=database.parent,
        free=free // _MIB,
        needed=-(-needed // _MIB),
    )
    way_out = _(
        "Make room there, {missing} MiB at least. Nothing was changed: Minga {version} still runs"
        " on it.",
        missing=-(-(needed - free) // _MIB),
        version=await _last_release(db),
    )
    copies = kept_copies(database.parent)
    can_go = [_("This older copy can go: {file}", file=one.path) for one in copies]
    raise disk.DiskTrouble(told, way_out, *can_go)
