"""The bot's new identity, until the rooms are told of it, and the decision to destroy its keys."""

from __future__ import annotations

from datetime import UTC, datetime

from storage.database import Tx


async def note_new_identity(tx: Tx, at: datetime) -> None:
    """Store that the bot has had another identity since this instant."""
    await tx.run("INSERT OR REPLACE INTO new_identity VALUES (1, ?)", at.timestamp())


async def pending_new_identity(tx: Tx) -> datetime | None:
    """Return since when the bot has an identity of which nobody was told yet, or None."""
    row = await tx.one("SELECT at FROM new_identity")
    return datetime.fromtimestamp(row["at"], UTC) if row else None


async def clear_new_identity(tx: Tx) -> None:
    """Store that the rooms were told."""
    await tx.run("DELETE FROM new_identity")


async def note_destruction(tx: Tx) -> None:
    """Store that the keys are to be destroyed."""
    await tx.run("INSERT OR IGNORE INTO destruction VALUES (1)")


async def is_destruction_due(tx: Tx) -> bool:
    """Return whether the keys are to be destroyed."""
    return await tx.exists("SELECT 1 FROM destruction")
