"""Makes backups of a data folder while the bot may be running (docs/decisions/0003)."""

from __future__ import annotations

import asyncio
import secrets
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from bot.i18n import _, verbatim
from bot.lines import Line
from storage.database import Database, DatabaseError, Tx, WrongKey
from storage.encryption import keys as keyring
from storage.encryption import secret_files
from storage.encryption.keys import DATABASE, Keys
from storage.files import disk, lock
from storage.files.backup_format import BackupInfo as BackupInfo
from storage.files.backup_format import Sealing, reason_of, seal
from storage.files.backup_format import read_backup_info as read_backup_info
from storage.files.backup_records import LOCK, note_backup, refuse_beside
from storage.files.backup_records import MAGIC as MAGIC
from storage.files.backup_records import BackupError as BackupError

LEAST_LEFT = 32 * 2**20
"""Bytes that stay free on the data's disk while a backup is made."""


@dataclass(frozen=True, slots=True)
class SealedBackup:
    """A backup that is being made: its header, and its bytes, which can be read once."""

    info: BackupInfo
    pieces: Iterator[bytes]


async def write_backup(
    data: Path, keys: Keys, target: Path, sealing: Sealing | None = None
) -> BackupInfo:
    """Write a backup of the database of `data`, as it is at one instant, to the new file `target`.
    Return what its header says.

    Works while the bot runs, without delaying it. The file gets its name only when it is complete
    and on disk. Raises `BackupError`.
    """
    if target.exists():
        raise BackupError(
            _("{target} exists already, and a backup never replaces a file.", target=target)
        )
    if not target.parent.is_dir():
        raise BackupError(_("There is no folder {parent}.", parent=target.parent))
    refuse_beside(data, target)
    async with make_backup(data, keys, sealing) as made:
        try:
            await asyncio.to_thread(_write_file, made, target)
        except OSError as error:
            raise _not_written(error, target.parent) from None
    note_backup(data)
    return made.info


async def write_stream(
    data: Path, keys: Keys, out: BinaryIO, sealing: Sealing | None = None
) -> BackupInfo:
    """Write a backup of the data folder to an open stream, encrypted as `sealing` says. Return its
    header. Raises `BackupError`, also if the program that reads the stream ends before it is
    whole."""
    async with make_backup(data, keys, sealing) as made:
        try:
            await asyncio.to_thread(_write_pieces, made, out)
        except BrokenPipeError:
            raise BackupError(
                _("Whoever was to take the backup ended before it was whole: look why.")
            ) from None
        except OSError as error:
            told = verbatim(reason_of(error))
            raise BackupError(_("The backup could not be written: {told}", told=told)) from None
    note_backup(data)
    return made.info


@asynccontextmanager
async def make_backup(
    data: Path, keys: Keys, sealing: Sealing | None = None
) -> AsyncIterator[SealedBackup]:
    """Return a context with a backup to write: its header, and its encrypted content, made piece by
    piece while it is read. The copy of the database from which it is made is deleted at the end.

    Raises `BackupError`, also if the disk fails meanwhile or another one of the folder is being
    made.
    """
    header = keyring.read_header(data)
    if header is None or not (data / DATABASE).exists():
        raise BackupError(_("There is no database in {data} yet: start the bot once.", data=data))
    how = sealing or Sealing()
    busy = _("Another backup of {data} is being made: wait until it is done.", data=data)
    try:
        with lock.hold_file(data / LOCK, busy):
            for left in data.glob(".backup-*"):
                left.unlink()
            _require_space(data)
            copy = data / f".backup-{secrets.token_hex(4)}"
            try:
                await _copy(data / DATABASE, keys, copy)
                made = (how.made or datetime.now(UTC)).replace(microsecond=0)
                outside = keyring.backup_header(header)
                with copy.open("rb") as plain:
                    info, pieces = await asyncio.to_thread(seal, plain, keys, outside, made, how)
                    yield SealedBackup(info, pieces)
            finally:
                await asyncio.to_thread(remove_copy, copy)
    except lock.FolderBusy as error:
        raise BackupError(*error.lines) from None
    except (DatabaseError, OSError, MemoryError, disk.DiskTrouble, disk.DatabaseDamaged) as error:
        raise _not_written(error, data) from None


def _require_space(data: Path) -> None:
    """Raise `BackupError` if the copy could fill the disk, which would stop the bot.

    The copy is encrypted anew, so that its write-ahead log comes to be as large as itself.
    """
    needed, free = 2 * (data / DATABASE).stat().st_size + LEAST_LEFT, shutil.disk_usage(data).free
    if free < needed:
        raise BackupError(
            _(
                "A backup needs {count} MiB in {data} for a while, and {free} are free: make room.",
                count=needed // 2**20 + 1,
                data=data,
                free=free // 2**20,
            )
        )


def _not_written(error: Exception, place: Path) -> BackupError:
    """Return the error to raise for what failed at a place: the data or the target's folder."""
    why = disk.disk_cause(error, place)
    if isinstance(why, disk.DatabaseDamaged):
        return BackupError(_damage(place / DATABASE))
    told = why.lines[0] if isinstance(why, disk.DiskTrouble) else verbatim(reason_of(error))
    return BackupError(_("The backup could not be written: {told}", told=told))


def _damage(database: Path) -> Line:
    return _("{database} is damaged: it can't be copied (the key is right).", database=database)


def remove_copy(copy: Path) -> None:
    """Remove an unfinished copy of the database, with the files that SQLite puts beside it."""
    for name in (copy.name, f"{copy.name}-wal", f"{copy.name}-shm", f"{copy.name}-journal"):
        copy.with_name(name).unlink(missing_ok=True)


def _write_file(made: SealedBackup, target: Path) -> None:
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        temporary.touch(mode=0o600, exist_ok=False)
        with temporary.open("wb") as out:
            _write_pieces(made, out)
            secret_files.sync_file(out)
        secret_files.place_new(temporary, target)
        secret_files.sync_folder(target.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _write_pieces(made: SealedBackup, out: BinaryIO) -> None:
    for piece in made.pieces:
        out.write(piece)
        out.flush()  # the header at once: by it an unfinished file is known as ours


async def _copy(database: Path, keys: Keys, copy: Path) -> None:
    """Write a compact copy without login and transient rows, opened without the live salt."""
    copy.touch(mode=0o600)
    try:
        db = await Database.open(database, keys.db, create=False)
    except WrongKey:
        header = keyring.read_header(database.parent)
        if header is not None and header["id"] != keys.id:
            raise BackupError(
                _("The key was changed just now: call this again. Nothing was written.")
            ) from None
        raise BackupError(_damage(database)) from None
    try:
        async with db.reading() as tx:
            await tx.run("VACUUM INTO ?", str(copy))
    finally:
        await db.close()
    db = await Database.open(copy, keys.db, create=False)
    try:
        async with db.transaction() as tx:
            await delete_login(tx)
            await delete_transient(tx)
            tx.shred()
        await db.rekey(keys.bare_db)
    finally:
        await db.close()


async def delete_login(tx: Tx) -> None:
    """Delete the stored login from a copy: two devices with the same ratchets must never be
    active."""
    await tx.run("DELETE FROM secret WHERE name LIKE 'matrix-session%'")
    await tx.run("DELETE FROM sync")
    if await tx.has_table("run_history"):  # older copies have none
        await tx.run("DELETE FROM run_history")


async def delete_transient(tx: Tx) -> None:
    """Delete undelivered messages and other things on their way from a copy: they would be sent
    twice."""
    for fleeting in ("letter", "question", "parked"):
        await tx.run(f"DELETE FROM {fleeting}")  # noqa: S608 (names of ours)
