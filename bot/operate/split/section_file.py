"""The file by which one bot hands a section of its network over to another one.

It is a backup of a database that holds these rooms alone, under a new key of its own.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.i18n import ToldError, _
from bot.run.duties.handovers import all_rows, split_rules
from bot.types import UserId
from storage.database import Database
from storage.encryption import root_key
from storage.encryption.key_destruction import UNFINISHED_SPLIT as UNFINISHED
from storage.encryption.keys import DATABASE, Keys
from storage.files.backup import write_backup
from storage.files.backup_records import refuse_beside
from storage.sections import cut, handovers
from storage.sections.handovers import Handover


class SplitError(ToldError):
    """Nothing was split. The message says why."""


def refuse_target(data: Path, target: Path) -> None:
    """Raise `BackupError` or `SplitError` if the file of a split-off part and its key can't be
    written.

    Ask it before rooms are handed over: from then on nobody acts in them without the file.
    """
    refuse_beside(data, target)
    for file in (target, _key_file(target)):
        if file.exists():
            raise SplitError(_("{file} exists already, and nothing replaces it.", file=file))
    if not target.parent.is_dir():
        raise SplitError(_("There is no folder {parent}.", parent=target.parent))
    if not os.access(target.parent, os.W_OK | os.X_OK):
        raise SplitError(
            _("Nothing can be written into {folder}: nothing was changed.", folder=target.parent)
        )


def _key_file(target: Path) -> Path:
    return target.with_name(f"{target.name}.key")


async def write_section(
    data: Path, keys: Keys, features: Mapping[str, Any], one: Handover, me: UserId, target: Path
) -> Path:
    """Write the part of the network that was handed over to the new file `target`, and its key
    beside it.

    Return the key's path. The same section may be written again, until the other bot has it. Raises
    `BackupError`.
    """
    refuse_target(data, target)
    key_file = _key_file(target)
    for left in data.glob(f"{UNFINISHED}*"):
        shutil.rmtree(left)
    folder = data / f"{UNFINISHED}{secrets.token_hex(4)}"
    try:
        folder.mkdir(mode=0o700)
        made = root_key.unlock(folder, key_file=key_file, create=True)
        await _copy(data / DATABASE, keys, folder / DATABASE)
        await _cut_copy(folder / DATABASE, keys, made, features, one, me)
        await write_backup(folder, made, target)
    except BaseException:
        key_file.unlink(missing_ok=True)
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return key_file


async def _copy(database: Path, keys: Keys, copy: Path) -> None:
    copy.touch(mode=0o600)
    db = await Database.open(database, keys.db, create=False)
    try:
        async with db.reading() as tx:
            await tx.run("VACUUM INTO ?", str(copy))
    finally:
        await db.close()


async def _cut_copy(
    copy: Path, keys: Keys, made: Keys, features: Mapping[str, Any], one: Handover, me: UserId
) -> None:
    db = await Database.open(copy, keys.db, create=False)
    rules = split_rules(features)
    try:
        async with db.transaction() as tx:
            rooms = await handovers.idle_rooms(tx, one.id)
            kept = await cut.plan_cut(tx, rooms, rules)
            await cut.cut_to(tx, kept, all_rows(features), rules)
            await handovers.turn_around(tx, one.id, me)
        await db.rekey(made.db)
    finally:
        await db.close()
