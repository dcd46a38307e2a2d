"""When a private room was last made for a person, who may not have joined it."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.types import UserId
from storage.database import Tx


async def last_attempt(tx: Tx, person: UserId) -> datetime | None:
    """Return when (UTC) a private room was last created for the person, or None."""
    row = await tx.one("SELECT at FROM private_room_attempt WHERE person = ?", person)
    return datetime.fromtimestamp(row["at"], UTC) if row else None


async def note_attempt(tx: Tx, person: UserId, at: datetime) -> None:
    """Store that a private room was created for the person at this time."""
    await tx.run(
        "INSERT OR REPLACE INTO private_room_attempt VALUES (?, ?)", person, at.timestamp()
    )


async def forget_attempts(tx: Tx, person: UserId) -> None:
    """Delete when a private room was last created for the person, so that one may be created at
    once."""
    await tx.run("DELETE FROM private_room_attempt WHERE person = ?", person)
