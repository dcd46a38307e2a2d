"""Brings backups back: where there is no database yet, or as a copy to look at."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bot.i18n import _
from storage.database import Database, DatabaseError, Tx, WrongKey
from storage.encryption import keys as keyring
from storage.encryption import root_key, secret_files
from storage.encryption.backup_keys import Opener
from storage.encryption.keys import DATABASE, Keys, SecretError
from storage.files import disk, restores
from storage.files.backup import delete_login, delete_transient, remove_copy
from storage.files.backup_format import BackupInfo, Contents, open_file, reason_of, unseal
from storage.files.backup_records import BackupError
from storage.files.lock import refuse_if_held
from storage.files.schedule_state import forget_schedule
from storage.schema import DatabaseTooNew, has_pending

NUMBER_GAP = 100
"""How far item numbers jump at a restore, so that none given after the backup is reused."""
NO_OWNERS: Mapping[str, Path] = MappingProxyType({})


@dataclass(frozen=True, slots=True, repr=False)
class Demand:
    """What a backup must be to be brought back: openable, of this account, not of a newer schema.

    `account` may be "": any. `owners`: the folders of the capabilities' migrations.
    """

    opener: Opener
    account: str = ""
    owners: Mapping[str, Path] = field(default_factory=lambda: NO_OWNERS)


async def restore_backup(
    source: Path,
    data: Path,
    *,
    key_file: Path,
    passphrase_file: Path | None = None,
    secret: bytes | None = None,
    account: str = "",
    owners: Mapping[str, Path] = NO_OWNERS,
) -> BackupInfo:
    """Restore a backup's database into `data`, ready to log in as a new device. Return what its
    header says.

    `secret` opens a backup with a key of its own; where `key_file` is missing then, it is written
    anew. Raises `BackupError`, `FolderBusy` or `SecretError`; then `data` is as it was.
    """
    refuse_if_held(data)
    if keyring.has_database(data):
        raise BackupError(
            _(
                "{data} holds a database already; a restore never replaces one. Move"
                " the folder away first: mv {data} {away}",
                data=data,
                away=_free_beside(data),
            )
        )
    demand = Demand(Opener(key_file, passphrase_file, secret), account, owners)
    secret_files.make_private_folder(data)
    for left in data.glob(".restore-*"):
        left.unlink()
    copy = data / f".restore-{secrets.token_hex(4)}"
    try:
        found, inside = await unseal_copy(source, copy, demand)
        header = _settle_key(data, inside, demand.opener)
        keys = Keys.from_root(inside.root, header[keyring.LIVE_SALT])
        await _prepare_restored(copy, keys, found.made)
        _place(copy, data, header, inside, demand.opener)
    except (DatabaseError, OSError, disk.DiskTrouble, disk.DatabaseDamaged) as error:
        why = disk.disk_cause(error, data)
        told = why.lines[0] if isinstance(why, disk.DiskTrouble) else reason_of(error)
        raise BackupError(_("The backup could not be restored: {told}", told=told)) from None
    finally:
        remove_copy(copy)
    return found


def _free_beside(data: Path) -> Path:
    """Return a name beside the folder that nothing has, so that `mv` does not move it inside."""
    names = (data.with_name(f"{data.name}.old{n or ''}") for n in count())
    return next(name for name in names if not name.exists())


async def unseal_copy(source: Path, copy: Path, demand: Demand) -> tuple[BackupInfo, Contents]:
    """Write a backup's database to the new file `copy`, still encrypted, and check it. Return its
    header and the secrets beside it.

    Raises `BackupError` or `SecretError`.
    """
    found, inside = await asyncio.to_thread(_unseal_into, source, copy, demand.opener)
    if demand.account and inside.account and inside.account != demand.account:
        raise BackupError(
            _(
                "This is a backup of {other}, and the configuration names {account}: take the right"
                " file, or set matrix.user_id.",
                other=inside.account,
                account=demand.account,
            )
        )
    try:
        db = await Database.open(copy, Keys.from_root(inside.root).bare_db, create=False)
    except WrongKey:
        raise BackupError(_("The backup is whole, but its database does not open.")) from None
    try:
        async with db.reading() as tx:
            fine = await tx.one("PRAGMA integrity_check")
        if fine is None or fine[0] != "ok":
            raise BackupError(
                _("The backup is whole, but its database was damaged when it was made.")
            )
        await has_pending(db, demand.owners)
    except DatabaseTooNew:
        raise BackupError(_("A newer Minga made this backup: install that one.")) from None
    finally:
        await db.close()
    return found, inside


def _unseal_into(source: Path, copy: Path, opener: Opener) -> tuple[BackupInfo, Contents]:
    with open_file(source) as file:
        found, inside, pieces = unseal(file, opener)
        copy.touch(mode=0o600, exist_ok=False)
        with copy.open("wb") as out:
            for piece in pieces:
                out.write(piece)
            secret_files.sync_file(out)
    return found, inside


# --- the key of what is restored ---------------------------------------------------------------


def _settle_key(data: Path, inside: Contents, opener: Opener) -> dict[str, Any]:
    """Return the header for the restored data: the one that is there, or one with a new live salt.

    Raises `BackupError` or `SecretError` if the configured key is another one.
    """
    _same_key(data, inside.key_header)
    present = keyring.read_header(data)
    fitting = present or {
        **keyring.backup_header(inside.key_header),
        keyring.LIVE_SALT: keyring.new_live_salt(),
    }
    with contextlib.suppress(SecretError):
        root_key.find_root_key(
            fitting, key_file=opener.key_file, passphrase_file=opener.passphrase_file
        )
        return fitting
    plain = keyring.seal_header(
        inside.root, {"kdf": "file", keyring.LIVE_SALT: fitting[keyring.LIVE_SALT]}
    )
    if opener.passphrase_file is None and _is_free_for(opener.key_file, plain):
        return plain
    if opener.passphrase_file is not None:
        raise BackupError(
            _(
                "{file} is not the passphrase of this backup's data. Put the right one there, or"
                " take passphrase_file out of config.toml: the restore then writes {key} anew.",
                file=opener.passphrase_file,
                key=opener.key_file,
            )
        )
    raise BackupError(
        _(
            "{file} is not the key of this backup's data. Put the right one there, or keep it under"
            " another name: mv {file} {file}.other; the restore then writes the right one anew.",
            file=opener.key_file,
        )
    )


def _is_free_for(key_file: Path, header: Mapping[str, Any]) -> bool:
    """Return whether the key file is missing, or holds what would be written there."""
    if not secret_files.exists(key_file):
        return True
    with contextlib.suppress(SecretError):
        root_key.find_root_key(header, key_file=key_file)
        return True
    return False


def _place(
    copy: Path, data: Path, header: Mapping[str, Any], inside: Contents, opener: Opener
) -> None:
    """Put the key, its header and the database where they belong, the database last."""
    with contextlib.ExitStack() as undone:
        if header["kdf"] == "file" and not secret_files.exists(opener.key_file):
            secret_files.make_private_folder(opener.key_file.parent, tighten=False)
            undone.callback(opener.key_file.unlink, missing_ok=True)
            secret_files.write_secret(opener.key_file, inside.root.hex().encode() + b"\n")
        if keyring.read_header(data) is None:
            undone.callback((data / keyring.HEADER).unlink, missing_ok=True)
            keyring.write_header(data, header)
        secret_files.place_new(copy, data / DATABASE)
        undone.pop_all()
    secret_files.sync_folder(data)


def _same_key(data: Path, header: Mapping[str, Any]) -> None:
    present = keyring.read_header(data)
    if present is not None and present["check"] != header["check"]:
        raise BackupError(
            _(
                "{data} belongs to key {present}, the backup to key {other}. Restore into"
                " another folder.",
                data=data,
                present=present["id"],
                other=header["id"],
            )
        )


# --- the database ------------------------------------------------------------------------------


async def _prepare_restored(copy: Path, keys: Keys, made: datetime) -> None:
    """Prepare the checked copy for use; docs/decisions/0003 explains each step."""
    db = await Database.open(copy, keys.bare_db, create=False)
    try:
        async with db.transaction() as tx:
            await delete_login(tx)
            await _start_afresh(tx, made, datetime.now(UTC))
        await db.rekey(keys.db)
    finally:
        await db.close()


async def resume_as_restored(tx: Tx, now: datetime) -> None:
    """Prepare a database that is an older copy to be used again, as `restore_backup` does with one.

    Messages since the copy's last live sync may have been answered: they are not read again.
    """
    live = await tx.one("SELECT until FROM live")
    made = datetime.fromtimestamp(live["until"], UTC) if live else now
    await tx.run("DELETE FROM sync")
    await _start_afresh(tx, made, now)


async def _start_afresh(tx: Tx, made: datetime, now: datetime) -> None:
    """Skip what the old device may have handled after `made`, so that nothing is answered twice."""
    await tx.run("UPDATE room SET entered = ? WHERE joined", now.timestamp())
    # The key store has yet to see who has a new identity, and counts its silence from then.
    if await tx.has_table("identity"):
        await tx.run(
            "UPDATE identity SET changed = ?, spoke = NULL WHERE key IS NOT NULL", now.timestamp()
        )
    await delete_transient(tx)  # for a copy made by an older version
    await tx.run(
        "UPDATE sqlite_sequence SET seq = seq + ? WHERE name IN ('item', 'letter')",
        NUMBER_GAP,
    )
    await forget_schedule(tx)
    await restores.note_restore(tx, made)
