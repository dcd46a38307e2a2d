"""The checks of `minga doctor` for the data folder: complete, readable, not another's."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.i18n import _
from bot.operate.config import Config
from bot.operate.doctor.findings import (
    Finding,
    bad_finding,
    finding_from_error,
    fine_finding,
    note_finding,
)
from bot.operate.operator_errors import NEW_DEVICE, RESTORE, damage_line, destroyed_line
from storage import identities
from storage.database import Database, DatabaseError, WrongKey
from storage.encryption import secrets
from storage.encryption.key_destruction import TOMBSTONE
from storage.encryption.keys import KEY_STORE, Keys, SecretError, has_database, read_header, unlock
from storage.files import disk, run_history
from storage.schema import DatabaseTooNew, refuse_newer

SESSION = "matrix-session"


class DataFolder:
    """The data folder. `login` and `keys` hold what the checks could read from it."""

    def __init__(self, config: Config) -> None:
        self._where = config.storage
        self.login: dict[str, Any] = {}
        self.keys: Keys | None = None
        self.waiting_since: list[datetime] = []
        self.runs: tuple[str, ...] = ()
        self.superseded = ""
        self.is_sound = False

    async def check(self) -> AsyncIterator[Finding]:
        """Yield a result for each check, except those that need what is broken."""
        folder = self._where.data_dir
        if (folder / TOMBSTONE).exists():
            yield bad_finding(destroyed_line(folder))
            return
        if not folder.exists() or (read_header_safely(folder) is None and not has_database(folder)):
            yield note_finding(_("There is no data yet: the first start makes it."))
            return
        if (strange := disk.foreign_file(folder)) is not None:
            yield bad_finding(strange)
        try:
            where = self._where
            self.keys = unlock(
                folder, key_file=where.key_file, passphrase_file=where.passphrase_file
            )
        except SecretError as error:
            for line in error.lines:
                yield bad_finding(line)
            return
        yield fine_finding(_("The key fits the data (key {key}).", key=self.keys.id))
        yield await self._database(self.keys)
        for finding in _identities(self.waiting_since):
            yield finding
        if self.is_sound:
            yield await self._key_store(self.keys)

    async def _database(self, keys: Keys) -> Finding:
        from bot.capability.discovery import features, migration_folders

        file = self._where.database
        if not self._where.has_data:
            if not self._where.key_store.exists():
                return note_finding(_("There is no data yet: the first start makes it."))
            return bad_finding(
                _(
                    "{file} is gone, though {other} beside it is there: {way_out}",
                    file=file,
                    other=KEY_STORE,
                    way_out=RESTORE,
                )
            )
        try:
            db = await Database.open(file, keys.db, create=False)
            try:
                if not await _is_sound(db):
                    return bad_finding(damage_line(str(file)))
                await refuse_newer(db, migration_folders(features()))
                self.login = await _login(db, keys)
                self.waiting_since = await _waiting_since(db)
                self.runs, self.superseded = await _runs(db)
            finally:
                await db.close()
        except (WrongKey, DatabaseTooNew, disk.DatabaseDamaged, disk.DiskTrouble) as error:
            return finding_from_error(error, _("The database"))
        self.is_sound = True
        return fine_finding(_("The database opens and is sound."))

    async def _key_store(self, keys: Keys) -> Finding:
        file = self._where.key_store
        if not file.exists():
            if not self.login.get("token"):
                return note_finding(_("There are no Matrix keys yet: the first start makes them."))
            return bad_finding(
                _(
                    "{file} is gone: log in as a new device of the same identity: {command}",
                    file=file,
                    command=NEW_DEVICE,
                )
            )
        try:
            db = await Database.open(file, keys.niodb, create=False)
            try:
                fine = await _is_sound(db)
            finally:
                await db.close()
        except (WrongKey, disk.DatabaseDamaged, disk.DiskTrouble) as error:
            return finding_from_error(error, _("The Matrix keys"))
        return (
            fine_finding(_("The Matrix keys open and are sound."))
            if fine
            else bad_finding(damage_line(str(file)))
        )


def read_header_safely(data: Path) -> dict[str, Any] | None:
    """Return the header, None if there is none, or {} if it is malformed.

    `unlock` reports a malformed header.
    """
    try:
        return read_header(data)
    except SecretError:
        return {}


async def _is_sound(db: Database) -> bool:
    try:
        async with db.reading() as tx:
            told = await tx.one("PRAGMA quick_check")
    except DatabaseError as error:
        found = disk.disk_cause(error, db.path)
        if isinstance(found, disk.DiskTrouble):
            raise found from None
        if found is None:
            raise
        return False
    return told is not None and told[0] == "ok"


async def _login(db: Database, keys: Keys) -> dict[str, Any]:
    """Return the gateway's stored login, or {}."""
    async with db.reading() as tx:
        kept = await secrets.get(tx, keys.xsign, SESSION) if await tx.has_table("secret") else None
    found: dict[str, Any] = json.loads(kept) if kept else {}
    return found


async def _runs(db: Database) -> tuple[tuple[str, ...], str]:
    """Return the ids of the bot's runs, and why the last one was told to stop (or empty).

    See `bot/matrix/account_claim.py`.
    """
    async with db.reading() as tx:
        if not await tx.has_table("run_history"):
            return (), ""
        past = await run_history.get_history(tx)
    return past.runs, past.why


async def _waiting_since(db: Database) -> list[datetime]:
    """Return since when each unconfirmed identity waits."""
    async with db.reading() as tx:
        if not await tx.has_table("identity"):
            return []
        return [new.changed for new in await identities.all_waiting(tx)]


def _identities(since: Sequence[datetime]) -> Iterator[Finding]:
    """Report waiting identities without naming anybody; their rooms know who they are."""
    if since:
        yield note_finding(
            _(
                "New Matrix identities that nobody confirmed: {count}, the oldest since"
                " {since} UTC. Their rooms know of them: `!status`, `!confirm`.",
                count=len(since),
                since=f"{since[0]:%Y-%m-%d %H:%M}",
            )
        )
