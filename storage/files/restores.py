"""The restore of a backup, until the rooms are told of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from storage.database import Tx


async def note_restore(tx: Tx, made: datetime) -> None:
    """Store that a backup made at this instant (UTC) was restored."""
    if await tx.has_table("restore"):
        await tx.run("INSERT OR REPLACE INTO restore VALUES (1, ?)", made.timestamp())
    else:  # by an older version, and not migrated yet: migration 23 moves it
        kept = json.dumps({"made": made.isoformat()})
        await tx.run("INSERT OR REPLACE INTO fact VALUES ('restored', ?)", kept)


async def pending_restore(tx: Tx) -> datetime | None:
    """Return when (UTC) the backup was made whose restoration the rooms were not told of yet, or
    None."""
    row = await tx.one("SELECT made FROM restore")
    return datetime.fromtimestamp(row["made"], UTC) if row else None


async def mark_restore_told(tx: Tx) -> None:
    """Store that the rooms were told of the restored backup, so that they are not told again."""
    await tx.run("DELETE FROM restore")
