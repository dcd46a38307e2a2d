"""A new or recovered identity, until the rooms are told, and the decision to destroy its keys."""

from __future__ import annotations

from datetime import UTC, datetime

from storage.database import Tx


async def note_new_identity(tx: Tx, at: datetime) -> None:
    """Store that the bot has a new identity since this instant."""
    await tx.run("INSERT OR REPLACE INTO new_identity VALUES (1, ?)", at.timestamp())


async def pending_new_identity(tx: Tx) -> datetime | None:
    """Return since when (UTC) the bot has a new identity of which the rooms were not told yet, or
    None."""
    row = await tx.one("SELECT at FROM new_identity")
    return datetime.fromtimestamp(row["at"], UTC) if row else None


async def clear_new_identity(tx: Tx) -> None:
    """Store that the rooms were told of the bot's new identity."""
    await tx.run("DELETE FROM new_identity")


async def note_recovery(tx: Tx, at: datetime) -> None:
    """Store that the bot's identity was recovered at this instant (UTC), and that all other data
    was lost."""
    await tx.run("INSERT OR REPLACE INTO recovery VALUES (1, ?)", at.timestamp())


async def pending_recovery(tx: Tx) -> datetime | None:
    """Return when (UTC) the identity was recovered without its data, or None.

    None also once the rooms were told.
    """
    row = await tx.one("SELECT at FROM recovery")
    return datetime.fromtimestamp(row["at"], UTC) if row else None


async def clear_recovery(tx: Tx) -> None:
    """Store that the rooms were told of the bot's recovery without its data."""
    await tx.run("DELETE FROM recovery")


async def has_lost_rooms(tx: Tx) -> bool:
    """Return whether the bot may be in rooms of which its database knows nothing."""
    return await tx.exists("SELECT 1 FROM new_identity UNION SELECT 1 FROM recovery")


async def note_destruction(tx: Tx) -> None:
    """Store that the keys are to be destroyed at the next opportunity."""
    await tx.run("INSERT OR IGNORE INTO destruction VALUES (1)")


async def is_destruction_due(tx: Tx) -> bool:
    """Return whether the keys are to be destroyed."""
    return await tx.exists("SELECT 1 FROM destruction")
