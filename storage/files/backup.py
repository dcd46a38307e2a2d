"""Encrypted backups: one file with everything, and its restore (docs/decisions/0003).

The file has a magic line, an authenticated JSON header, and the database in chunks under
AES-256-GCM with a key of this file alone. Each chunk is bound to its position and to being the
last, so nothing can be cut off, swapped or left out. The root key is not in the file.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.i18n import _
from storage.database import Database, DatabaseError, Tx, WrongKey
from storage.encryption import keys as keyring
from storage.encryption import secret_files
from storage.encryption.keys import DATABASE, Keys, SecretError
from storage.files import disk, restores
from storage.files.backup_records import MAGIC as MAGIC
from storage.files.backup_records import BackupError as BackupError
from storage.files.backup_records import note_backup, refuse_beside

CHUNK = 1 << 16
_TAG = 16
_MOST_HEADER = 1 << 16

NUMBER_GAP = 100
"""How far item numbers jump at a restore, so that none given after the backup is reused."""


@dataclass(frozen=True, slots=True)
class BackupInfo:
    """What can be read of a backup without its key."""

    made: datetime
    key_header: Mapping[str, Any]


async def write_backup(data: Path, keys: Keys, target: Path) -> BackupInfo:
    """Write the database of `data`, as it is at one instant, to the new file `target`.

    Works while the bot runs, without delaying it. The file gets its name only when it is complete
    and on disk. Raises `BackupError`.
    """
    header = keyring.read_header(data)
    if header is None or not (data / DATABASE).exists():
        raise BackupError(_("There is no database in {data} yet: start the bot once.", data=data))
    if target.exists():
        raise BackupError(
            _("{target} exists already, and a backup never replaces a file.", target=target)
        )
    if not target.parent.is_dir():
        raise BackupError(_("There is no folder {parent}.", parent=target.parent))
    refuse_beside(data, target)
    for left in data.glob(".backup-*"):
        left.unlink()
    copy = data / f".backup-{secrets.token_hex(4)}"
    try:
        await _copy(data / DATABASE, keys, copy)
        outside = keyring.backup_header(header)
        made = await asyncio.to_thread(_seal_into, copy, target, keys, outside)
        note_backup(data)
        return made
    except (DatabaseError, OSError) as error:
        why = disk.disk_cause(error)
        told = why.lines[0] if isinstance(why, disk.DiskTrouble) else _reason(error)
        raise BackupError(_("The backup could not be written: {told}", told=told)) from None
    finally:
        _remove(copy)


async def restore_backup(
    source: Path, data: Path, *, key_file: Path, passphrase_file: Path | None = None
) -> BackupInfo:
    """Restore a backup's database into `data`, ready to log in as a new device.

    Raises `BackupError` or `SecretError`; then there is no database in `data`.
    """
    if keyring.has_database(data):
        raise BackupError(
            _(
                "{data} holds a database already; a restore never replaces one. Move"
                " the folder away first: mv {data} {data}.old",
                data=data,
            )
        )
    secret_files.make_private_folder(data)
    for left in data.glob(".restore-*"):
        left.unlink()
    copy = data / f".restore-{secrets.token_hex(4)}"
    try:
        found, root = await asyncio.to_thread(_unseal_into, source, copy, key_file, passphrase_file)
        _same_key(data, found.key_header)
        header = keyring.read_header(data) or {
            **keyring.backup_header(found.key_header),
            keyring.LIVE_SALT: keyring.new_live_salt(),
        }
        await _prepare_restored(
            copy, Keys.from_root(root, header.get(keyring.LIVE_SALT)), found.made
        )
        if keyring.read_header(data) is None:
            keyring.write_header(data, header)
        secret_files.place_new(copy, data / DATABASE)
        secret_files.sync_folder(data)
    except OSError as error:
        raise BackupError(
            _("The backup could not be restored: {reason}", reason=_reason(error))
        ) from None
    finally:
        _remove(copy)
    return found


def read_backup_info(source: Path) -> BackupInfo:
    """Return what can be read of a backup without its key. Raises `BackupError`."""
    with _open(source) as file:
        return _read_header(file)[0]


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


# --- the database ----------------------------------------------------------------------------


async def _copy(database: Path, keys: Keys, copy: Path) -> None:
    """Write a compact copy without login and transient rows, opened without the live salt."""
    copy.touch(mode=0o600)
    try:
        db = await Database.open(database, keys.db, create=False)
    except WrongKey:
        raise BackupError(
            _("{database} is damaged: it can't be copied (the key is right).", database=database)
        ) from None
    try:
        async with db.reading() as tx:
            await tx.run("VACUUM INTO ?", str(copy))
    finally:
        await db.close()
    db = await Database.open(copy, keys.db, create=False)
    try:
        async with db.transaction() as tx:
            await _delete_login(tx)
            await _delete_transient(tx)
            tx.shred()
        await db.rekey(keys.bare_db)
    finally:
        await db.close()


async def _prepare_restored(copy: Path, keys: Keys, made: datetime) -> None:
    """Check the copy and prepare it for use; docs/decisions/0003 explains each step."""
    try:
        db = await Database.open(copy, keys.bare_db, create=False)
    except WrongKey:
        raise BackupError(_("The backup is whole, but its database does not open.")) from None
    try:
        async with db.reading() as tx:
            fine = await tx.one("PRAGMA integrity_check")
        if fine is None or fine[0] != "ok":
            raise BackupError(
                _("The backup is whole, but its database was damaged when it was made.")
            )
        async with db.transaction() as tx:
            await _delete_login(tx)
            await _start_afresh(tx, made, datetime.now(UTC))
        await db.rekey(keys.db)
    finally:
        await db.close()


async def _delete_login(tx: Tx) -> None:
    """Delete the login: two devices with the same ratchets must never be active."""
    await tx.run("DELETE FROM secret WHERE name LIKE 'matrix-session%'")
    await tx.run("DELETE FROM sync")
    if await tx.has_table("run_history"):  # older copies have none
        await tx.run("DELETE FROM run_history")


async def _delete_transient(tx: Tx) -> None:
    """Delete what is on its way: it may be private and would be sent twice."""
    for fleeting in ("letter", "question", "parked"):
        await tx.run(f"DELETE FROM {fleeting}")  # noqa: S608 (names of ours)


async def resume_as_restored(tx: Tx, now: datetime) -> None:
    """Prepare a database that is an older copy, as `restore_backup` does with one.

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
    await _delete_transient(tx)  # for a copy made by an older version
    await tx.run(
        "UPDATE sqlite_sequence SET seq = seq + ? WHERE name IN ('item', 'letter')",
        NUMBER_GAP,
    )
    await restores.note_restore(tx, made)


# --- the file --------------------------------------------------------------------------------


def _seal_into(copy: Path, target: Path, keys: Keys, key_header: Mapping[str, Any]) -> BackupInfo:
    made = datetime.now(UTC).replace(microsecond=0)
    salt = secrets.token_bytes(32)
    header = json.dumps({"made": made.isoformat(), "salt": salt.hex(), "key": dict(key_header)})
    front = MAGIC + struct.pack(">I", len(header)) + header.encode()
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        temporary.touch(mode=0o600, exist_ok=False)
        with temporary.open("wb") as out, copy.open("rb") as plain:
            out.write(front)
            for sealed in _encrypted_chunks(plain, keys.backup, salt, front):
                out.write(sealed)
            secret_files.sync_file(out)
        secret_files.place_new(temporary, target)
        secret_files.sync_folder(target.parent)
    finally:
        temporary.unlink(missing_ok=True)
    return BackupInfo(made, key_header)


def _unseal_into(
    source: Path, copy: Path, key_file: Path, passphrase_file: Path | None
) -> tuple[BackupInfo, bytes]:
    with _open(source) as file:
        found, salt, front = _read_header(file)
        root = keyring.find_root_key(
            found.key_header, key_file=key_file, passphrase_file=passphrase_file
        )
        copy.touch(mode=0o600, exist_ok=False)
        with copy.open("wb") as out:
            for plain in _decrypted_chunks(file, Keys.from_root(root).backup, salt, front):
                out.write(plain)
            secret_files.sync_file(out)
    return found, root


def _encrypted_chunks(plain: BinaryIO, key: bytes, salt: bytes, front: bytes) -> Iterator[bytes]:
    cipher = _cipher(key, salt)
    chunk, number = plain.read(CHUNK), 0
    while True:
        following = plain.read(CHUNK)
        yield cipher.encrypt(_nonce(number, last=not following), chunk, front)
        if not following:
            return
        chunk, number = following, number + 1


def _decrypted_chunks(file: BinaryIO, key: bytes, salt: bytes, front: bytes) -> Iterator[bytes]:
    cipher = _cipher(key, salt)
    chunk, number = file.read(CHUNK + _TAG), 0
    while True:
        following = file.read(CHUNK + _TAG)
        try:
            yield cipher.decrypt(_nonce(number, last=not following), chunk, front)
        except InvalidTag:
            raise BackupError(_("The backup is damaged or was changed. Use another one.")) from None
        if not following:
            return
        chunk, number = following, number + 1


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    """Return the cipher with a key of this file alone, so that nonces may count from zero."""
    return AESGCM(HKDF(SHA256(), 32, salt=salt, info=b"minga backup 1").derive(key))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _open(source: Path) -> BinaryIO:
    try:
        return source.open("rb")
    except OSError as error:
        raise BackupError(
            _("{source} cannot be read: {reason}", source=source, reason=_reason(error))
        ) from None


def _read_header(file: BinaryIO) -> tuple[BackupInfo, bytes, bytes]:
    """Return the header, the salt, and the bytes authenticated with each chunk."""
    front = file.read(len(MAGIC) + 4)
    if front[: len(MAGIC)] != MAGIC or len(front) != len(MAGIC) + 4:
        raise BackupError(_("This is not a backup of Minga, or one of a newer version."))
    (length,) = struct.unpack(">I", front[len(MAGIC) :])
    raw = file.read(min(length, _MOST_HEADER))
    try:
        header = json.loads(raw)
        key_header = keyring.parse_header(json.dumps(header["key"]).encode(), "the backup")
        made, salt = datetime.fromisoformat(header["made"]), bytes.fromhex(header["salt"])
    except (ValueError, KeyError, TypeError, SecretError):
        raise BackupError(_("The backup is damaged: its header cannot be read.")) from None
    return BackupInfo(made, key_header), salt, front + raw


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__


def _remove(copy: Path) -> None:
    for name in (copy.name, f"{copy.name}-wal", f"{copy.name}-shm", f"{copy.name}-journal"):
        copy.with_name(name).unlink(missing_ok=True)
