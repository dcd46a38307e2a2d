"""Store who does not want to be counted."""

from __future__ import annotations

from bot.api import UserId
from storage.database import Tx


async def people_left_out(tx: Tx) -> set[UserId]:
    """Return everybody who does not want to be on lists of quiet people."""
    return set(await tx.column(UserId, "SELECT person FROM quiet_left_out"))


async def is_left_out(tx: Tx, person: UserId) -> bool:
    """Return whether the person does not want to be on lists of quiet people."""
    return await tx.one("SELECT 1 FROM quiet_left_out WHERE person = ?", person) is not None


async def leave_out(tx: Tx, person: UserId) -> None:
    """Store that the person does not want to be on lists of quiet people. Idempotent."""
    await tx.run("INSERT OR IGNORE INTO quiet_left_out VALUES (?)", person)


async def count_again(tx: Tx, person: UserId) -> None:
    """Store that the person may be on lists of quiet people. Idempotent."""
    await tx.run("DELETE FROM quiet_left_out WHERE person = ?", person)
