"""Locks the data of a folder with another root key. Killed at any point, it is finished later.

The order is what makes that safe (docs/decisions/0044). `prepare_change` writes the new key's
header into `key.json`, beside the old one, with the old root key sealed under the new: from then on
the new secret opens everything, at every point, and until the change has begun the old one does
too. Then the caller puts the new secret where the bot is told to look for it. `finish_change`
encrypts both databases anew, opens them, and only then drops the old header.

The seeds, ratchets and random keys inside the databases stay what they are: people see the same
device and identity. Only what locks them changes.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag

from bot.i18n import _
from storage.database import Database, DatabaseError, Tx, WrongKey
from storage.encryption import key_header
from storage.encryption.key_header import HEADER, LIVE_SALT, NEXT
from storage.encryption.keys import DATABASE, KEY_STORE, Keys, derive_key, seal_header
from storage.encryption.root_key import find_root_key_in, is_configured
from storage.encryption.sealing import seal_bytes, unseal_bytes
from storage.encryption.secret_files import read_secret, sync_file
from storage.files.disk import DatabaseDamaged, disk_cause
from storage.files.lock import FolderBusy
from storage.files.upgrade_copies import kept_copies

FORMER = "former"
"""Header key of what is known of the earlier key."""
_BUSY = 5
_ONLY_MEANWHILE = ("begun", "old")
PICKLE_PLACE = b"nio-pickle"
"""Place of the sealed pickle key in `matrix.db` (`sealing.seal_bytes`)."""
SEALED_KEYS = """
CREATE TABLE IF NOT EXISTS minga_sealed_key (name TEXT PRIMARY KEY, value BLOB NOT NULL)
  WITHOUT ROWID"""
"""The table of `matrix.db` for keys that outlive the root key they were made from."""


@dataclass(frozen=True, slots=True)
class FormerKey:
    """The earlier key: its id, when it ended (ISO 8601, UTC), and the file that still holds it.

    `file` is "" where no file of ours does. `unwanted`: the file is to be destroyed.
    """

    id: str
    at: str
    file: str
    unwanted: bool

    @property
    def ended(self) -> datetime:
        """When (UTC) this key was replaced."""
        return datetime.fromisoformat(self.at)


def former_key(header: Mapping[str, Any]) -> FormerKey | None:
    """Return the key that a header says was in use before its own, or None if there was none."""
    return FormerKey(**header[FORMER]) if FORMER in header else None


def prepare_change(
    data: Path,
    old_root: bytes,
    new_root: bytes,
    how: Mapping[str, Any],
    former: FormerKey,
    place: tuple[str, Path],
) -> None:
    """Add the header of the new root key, made as `how` tells (`key_header.new_header`).

    Both keys open the data until `finish_change`; the old one is sealed for the new one alone.
    `place`: how the new secret is to be kept, and in which file.
    """
    header = _read(data)
    kind, file = place
    new = seal_header(new_root, how) | {
        "begun": False,
        "kind": kind,
        "place": str(file),
        "old": seal_bytes(_seal_key(new_root), header["id"].encode(), old_root).hex(),
        FORMER: asdict(former),
    }
    key_header.replace_header(data, header | {NEXT: new})


def pending_change(data: Path) -> tuple[str, Path, bool] | None:
    """Return how and where the new secret of an unfinished change is to be kept, and whether the
    change has begun.

    None if no change is unfinished.
    """
    header = key_header.read_header(data)
    new = header.get(NEXT) if header is not None else None
    return (new["kind"], Path(new["place"]), new["begun"]) if new is not None else None


def known_place(data: Path) -> tuple[str, Path] | None:
    """Return how, and in which file, the key was to be kept at its last change; None if it never
    changed."""
    header = key_header.read_header(data) or {}
    return (header["kind"], Path(header["place"])) if "place" in header else None


def cancel_change(data: Path) -> None:
    """Undo a prepared change of the key. Raises `ValueError` if it has begun."""
    header = _read(data)
    if header[NEXT]["begun"]:
        raise ValueError("the databases may have the new key already")
    key_header.replace_header(data, {n: v for n, v in header.items() if n != NEXT})


async def finish_change(data: Path, *, key_file: Path, passphrase_file: Path | None = None) -> bool:
    """Finish a prepared change of the key if the configured secret is the new one. Return whether
    it was.

    Also begins it. No other process may have the databases open. Raises `DiskTrouble`, after which
    it is to be called again, or `WrongKey` for a database that neither key opens.
    """
    header = key_header.read_header(data)
    if header is None or NEXT not in header:
        return False
    if not is_configured(header[NEXT], key_file, passphrase_file):
        return False
    where = passphrase_file or key_file
    await finish_with(data, read_secret(where), where)
    return True


async def finish_with(data: Path, secret: bytes, named: Path) -> None:
    """Finish a prepared change of the key with the new secret, which stands in the file `named`.

    As `finish_change`; raises `SecretError` for another secret too.
    """
    header = _read(data)
    new = header[NEXT]
    root = find_root_key_in(secret, named, new)
    old_root = unseal_bytes(_seal_key(root), header["id"].encode(), bytes.fromhex(new["old"]))
    if not new["begun"]:
        key_header.replace_header(data, header | {NEXT: new | {"begun": True}})
    before = Keys.from_root(old_root, header[LIVE_SALT])
    after = Keys.from_root(root, new[LIVE_SALT])
    await _lock_database(data / DATABASE, before, after)
    await _lock_key_store(data / KEY_STORE, before, after)
    await check_data(data, after)
    _replace_for_good(data, {n: v for n, v in new.items() if n not in _ONLY_MEANWHILE})
    for copy in kept_copies(data):  # from before an upgrade: nothing opens them any more
        copy.path.unlink(missing_ok=True)


async def check_data(data: Path, keys: Keys) -> None:
    """Raise if any encrypted file in `data` doesn't open with these keys.

    `WrongKey` or `DatabaseDamaged` for a database, also for a secret inside of it.
    """
    await _check(data / DATABASE, keys.db)
    await _check(data / KEY_STORE, keys.niodb)
    if (data / DATABASE).exists():
        db = await Database.open(data / DATABASE, keys.db, create=False)
        try:
            async with db.reading() as tx:
                for name, value in await _sealed_secrets(tx):
                    if _unseal_any(name.encode(), value, keys) is None:
                        raise DatabaseDamaged(str(db.path))
        finally:
            await db.close()


def kept_path(file: Path, key_id: str) -> Path:
    """Return the file in which a former key is kept that stood in `file`."""
    return file.with_name(f"{file.name}-{key_id}")


def kept_keys(file: Path) -> list[Path]:
    """Return the files in which former keys are kept that stood in `file`."""
    return sorted(file.parent.glob(f"{file.name}-" + "[0-9a-f]" * 12))


def note_former(data: Path, file: str) -> None:
    """Store which file holds the former key now, "" for none."""
    header = _read(data)
    header[FORMER] |= {"file": file, "unwanted": False}
    key_header.replace_header(data, header)


def _read(data: Path) -> dict[str, Any]:
    header = key_header.read_header(data)
    if header is None:
        raise FileNotFoundError(data / HEADER)
    return header


def _seal_key(root: bytes) -> bytes:
    """Return the key under which the old root key is sealed for the new one."""
    return derive_key(root, "old-root")


def _replace_for_good(data: Path, header: Mapping[str, Any]) -> None:
    """Replace the header and overwrite the old one: its salt opens what the disk kept of before."""
    with (data / HEADER).open("r+b") as old:
        key_header.replace_header(data, header)
        old.write(secrets.token_bytes(os.fstat(old.fileno()).st_size))
        sync_file(old)


async def _lock_database(path: Path, before: Keys, after: Keys) -> None:
    await _lock_anew(path, before.db, after.db, lambda tx: _seal_secrets_anew(tx, before, after))


async def _lock_key_store(path: Path, before: Keys, after: Keys) -> None:
    await _lock_anew(
        path, before.niodb, after.niodb, lambda tx: _seal_pickle_key_anew(tx, before, after)
    )


async def _lock_anew(
    path: Path, before: bytes, after: bytes, seal_anew: Callable[[Tx], Awaitable[None]]
) -> None:
    """Seal what is sealed inside of a database anew, then encrypt the file anew.

    Each is one transaction. Raises `FolderBusy` while another process writes.
    """
    db = await _open_old(path, before, after)
    if db is None:
        return
    try:
        async with db.transaction() as tx:
            await seal_anew(tx)
            tx.shred()
        await db.rekey(after)
    except DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == _BUSY:
            raise FolderBusy(
                _("Another command still uses {path}. Call this again once it is done.", path=path)
            ) from None
        raise disk_cause(error, path) or error from None
    finally:
        await db.close()


async def _open_old(path: Path, before: bytes, after: bytes) -> Database | None:
    """Open a database that still has the old key. None if there is nothing to do."""
    if not path.exists():
        return None
    try:
        db = await Database.open(path, after, create=False)
    except WrongKey:
        return await Database.open(path, before, create=False)
    await db.close()
    return None


async def _seal_secrets_anew(tx: Tx, before: Keys, after: Keys) -> None:
    """Seal each secret of the database (`secrets.put`) under the new key of its use."""
    for name, value in await _sealed_secrets(tx):
        place = name.encode()
        if _unseal_any(place, value, after) is not None:  # of a change that was killed
            continue
        found = _unseal_any(place, value, before)
        if found is None:  # `check_data` had opened it
            raise DatabaseDamaged(name)
        use, plain = found
        sealed = seal_bytes(getattr(after, use), place, plain)
        await tx.run("UPDATE secret SET value = ? WHERE name = ?", sealed, name)


async def _sealed_secrets(tx: Tx) -> list[tuple[str, bytes]]:
    if not await tx.has_table("secret"):
        return []
    rows = await tx.all("SELECT name, value FROM secret")
    return [(str(row["name"]), bytes(row["value"])) for row in rows]


def _unseal_any(place: bytes, value: bytes, keys: Keys) -> tuple[str, bytes] | None:
    """Return for which use a secret is sealed, and the secret; None for other keys."""
    for use in ("xsign", "ballots"):
        try:
            return use, unseal_bytes(getattr(keys, use), place, value)
        except InvalidTag:
            continue
    return None


async def _seal_pickle_key_anew(tx: Tx, before: Keys, after: Keys) -> None:
    """Keep the key of the pickles and of the hashed addresses, sealed under the new root key.

    It can't change: of who left only the hash is kept.
    """
    await tx.run(SEALED_KEYS)
    row = await tx.one("SELECT value FROM minga_sealed_key WHERE name = 'pickle'")
    kept = before.nio_pickle
    if row is not None:
        try:
            kept = unseal_bytes(before.nio_pickle, PICKLE_PLACE, bytes(row["value"]))
        except InvalidTag:  # of a change that was killed; else this raises
            unseal_bytes(after.nio_pickle, PICKLE_PLACE, bytes(row["value"]))
            return
    sealed = seal_bytes(after.nio_pickle, PICKLE_PLACE, kept)
    await tx.run("INSERT OR REPLACE INTO minga_sealed_key VALUES ('pickle', ?)", sealed)


async def _check(path: Path, key: bytes) -> None:
    """Raise `WrongKey` unless the file opens with the key, `DatabaseDamaged` if it is broken."""
    if not path.exists():
        return
    db = await Database.open(path, key, create=False)
    try:
        async with db.reading() as tx:
            found = await tx.one("PRAGMA quick_check")
    except (DatabaseError, MemoryError) as error:
        raise disk_cause(error, path) or error from None
    finally:
        await db.close()
    if found is None or found[0] != "ok":
        raise DatabaseDamaged(str(path))
