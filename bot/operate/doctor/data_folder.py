"""The checks of `minga doctor` for the data folder: complete, readable, not another's."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
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
from bot.operate.doctor.key_checks import check_key
from bot.operate.doctor.work_checks import WorkSummary, check_work, read_work
from bot.operate.operator_errors import NEW_DEVICE, RESTORE, damage_line, destroyed_line
from storage import identities
from storage.database import Database, DatabaseError, WrongKey
from storage.encryption import secrets
from storage.encryption.key_destruction import TOMBSTONE
from storage.encryption.keys import KEY_STORE, Keys, SecretError, has_database, read_header
from storage.encryption.root_key import check_new_secret, unlock
from storage.files import disk, lock, run_history
from storage.files.run_history import RunHistory
from storage.files.upgrade_copies import require_space
from storage.schema import DatabaseTooNew, has_pending

SESSION = "matrix-session"


class DataFolder:
    """The data folder. `login` and `keys` hold what the checks could read from it."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._where = config.storage
        self.login: dict[str, Any] = {}
        self.keys: Keys | None = None
        self.waiting_since: list[datetime] = []
        self.past = RunHistory()
        self.work: WorkSummary | None = None
        self.is_missing = False
        self.is_sound = False

    @property
    def is_broken(self) -> bool:
        """Whether there is data that can't be read, so that checks which need it are left out."""
        return not self.is_missing and not self.is_sound

    @property
    def token(self) -> str:
        """The access token that the next start uses: the configured one, else the stored one, else
        ""."""
        return self._config.matrix.access_token() or str(self.login.get("token", ""))

    async def check(self) -> AsyncIterator[Finding]:
        """Yield a finding for each check of the data, except those that need what is broken."""
        folder = self._where.data_dir
        if (folder / TOMBSTONE).exists():
            yield bad_finding(destroyed_line(folder))
            return
        if not folder.exists() or (read_header_safely(folder) is None and not has_database(folder)):
            self.is_missing = True
            yield note_finding(_("There is no data yet: the first start makes it."))
            for finding in _secret_findings(self._check_new_secret):
                yield finding
            return
        if (strange := disk.foreign_file(folder)) is not None:
            yield bad_finding(strange)
            return
        for finding in _secret_findings(self._unlock):
            yield finding
        if self.keys is None:
            return
        yield fine_finding(_("The key fits the data (key {key}).", key=self.keys.id))
        for finding in check_key(folder, has_own_key=self._config.backup.has_own_key):
            yield finding
        yield await self._database(self.keys)
        if not self.is_sound:
            return
        for finding in _identities(self.waiting_since):
            yield finding
        yield await self._key_store(self.keys)
        for finding in self._check_work():
            yield finding

    async def knows_run(self, run: str) -> bool:
        """Return whether the database knows this run of the bot, also if that began just now.

        Raises what `Database.open` raises. Needs data that could be read (`is_sound`).
        """
        assert self.keys is not None
        db = await Database.open(self._where.database, self.keys.db, create=False)
        try:
            self.past = await _past_runs(db)
        finally:
            await db.close()
        return run in self.past.runs

    def _unlock(self) -> None:
        where = self._where
        self.keys = unlock(
            where.data_dir, key_file=where.key_file, passphrase_file=where.passphrase_file
        )

    def _check_new_secret(self) -> None:
        where = self._where
        check_new_secret(key_file=where.key_file, passphrase_file=where.passphrase_file)

    def _check_work(self) -> Iterator[Finding]:
        folder = self._where.data_dir
        if self.past.folder not in ("", lock.known_folder_id(folder)):
            yield note_finding(
                _(
                    "{folder} is a copy of another folder. Started here, the bot goes on as a new"
                    " device, and the bot of the other folder stops for good.",
                    folder=folder,
                )
            )
        if self.work is not None:
            yield from check_work(self._config, self.work, is_running=lock.is_held(folder))

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
                if await has_pending(db, migration_folders(features())):
                    await require_space(db)
                self.login = await _login(db, keys)
                self.waiting_since = await _waiting_since(db)
                self.past = await _past_runs(db)
                self.work = await read_work(db)
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
    """Return the key header, None if there is none, or {} if it is malformed.

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
    except (DatabaseError, MemoryError) as error:
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


async def _past_runs(db: Database) -> RunHistory:
    """Return what is known of the bot's runs on this database (`bot/matrix/account_claim.py`)."""
    async with db.reading() as tx:
        known = await tx.has_table("run_history")
        return await run_history.get_history(tx) if known else RunHistory()


def _secret_findings(read: Callable[[], object]) -> Iterator[Finding]:
    """Report why a key or passphrase is not usable."""
    try:
        read()
    except SecretError as error:
        yield from map(bad_finding, error.lines)


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
