"""`minga restore --check`: whether a backup would come back, tried on a copy that then goes."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.delivery.rendering import Reader, Renderer
from bot.i18n import Catalogue, _, verbatim
from bot.lines import Line
from bot.operate.operator_errors import Stop
from bot.operate.operator_words import operator_language, tell

if TYPE_CHECKING:
    from bot.capability.feature import Feature
    from bot.operate.config import Config
    from storage.database import Database
    from storage.files.backup_format import BackupInfo


@dataclass(frozen=True, slots=True)
class DrillResult:
    """What a backup would bring back. `open_items`: their number for each capability."""

    info: BackupInfo
    rooms: int
    open_items: Mapping[str, int]
    jobs: int


def run_drill(config: Config, file: Path, secret: bytes | None) -> None:
    """Open a backup on trial and print what it holds. Writes to a private temporary folder only."""
    from bot.capability.discovery import features

    found = features()
    with tempfile.TemporaryDirectory(prefix="minga-check-") as folder:  # 0700
        result = asyncio.run(_try(config, file, Path(folder) / "copy.db", secret, found))
    made = f"{result.info.made:%Y-%m-%d, %H:%M}"
    tell(_("The backup is whole and would come up. Nothing was changed or sent."))
    tell(_("Made on {made} UTC. It opens with: {opens}.", made=made, opens=result.info.openers))
    tell(_("Rooms: {rooms}. Waiting for their time: {jobs}.", rooms=result.rooms, jobs=result.jobs))
    if result.open_items:
        tell(_("Open: {items}.", items=verbatim(_in_words(result, found))))
    else:
        tell(_("Nothing is open."))


async def _try(
    config: Config, file: Path, copy: Path, secret: bytes | None, found: Sequence[Feature]
) -> DrillResult:
    """Unseal the copy, check it, migrate it and count. Raises what `restore_backup` would."""
    from bot.capability.discovery import migration_folders
    from bot.matrix.crypto.bot_identity import IDENTITY_ENTRY
    from bot.run.machine import migrate_database
    from storage.database import Database
    from storage.encryption import secrets
    from storage.encryption.backup_keys import Opener
    from storage.encryption.keys import Keys
    from storage.files.restoration import Demand, unseal_copy

    where = config.storage
    opener = Opener(where.key_file, where.passphrase_file, secret)
    demand = Demand(opener, config.matrix.user_id, migration_folders(found))
    info, inside = await unseal_copy(file, copy, demand)
    keys = Keys.from_root(inside.root)
    db = await Database.open(copy, keys.bare_db, create=False)
    try:
        await migrate_database(db, found)
        async with db.reading() as tx:
            if await secrets.get(tx, keys.xsign, IDENTITY_ENTRY) is None:
                raise Stop(
                    _("The backup holds no identity: the bot had never started when it was made.")
                )
        return await _count(db, info)
    finally:
        await db.close()


async def _count(db: Database, info: BackupInfo) -> DrillResult:
    async with db.reading() as tx:
        items = await tx.column(str, "SELECT feature FROM item WHERE open")
        rooms = await tx.count("SELECT count(*) AS n FROM room WHERE joined")
        jobs = await tx.count("SELECT count(*) AS n FROM job")
    return DrillResult(info, rooms, Counter(items), jobs)


def _in_words(result: DrillResult, found: Sequence[Feature]) -> str:
    """Return what is open, counted under the headings that the help has for capabilities."""
    language = operator_language()
    words = Catalogue.load([one.folder for one in found])
    reader = Reader(language, "UTC", "!", result.info.made)
    titles: dict[str, Line] = {
        one.name: one.commands[0].topic.title for one in found if one.commands
    }
    totals: Counter[str] = Counter()
    for feature, count in result.open_items.items():
        title = titles.get(feature, verbatim(feature))
        totals[Renderer(words).render_lines([title], reader).plain] += count
    return " · ".join(f"{title} {count}" for title, count in sorted(totals.items()))
