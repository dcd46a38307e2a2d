"""Polls of which votes are missing, in the database: after a restore from backup, and after the
bot was out of their room."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.api import Number, RoomId
from storage.database import Tx


async def unfinished_polls(tx: Tx) -> list[Number]:
    """Return the polls whose result is not final yet; cancelled ones are left out."""
    return await tx.column(
        Number, "SELECT number FROM poll_book_poll WHERE NOT final AND NOT cancelled"
    )


async def open_polls_in(tx: Tx, room: RoomId) -> list[Number]:
    """Return the open polls that are shown in a room."""
    query = (
        "SELECT number FROM poll_book_poll JOIN item USING (number)"
        " WHERE ended IS NULL AND item.open AND"
        " (item.room = ?1 OR number IN (SELECT item FROM item_shown WHERE room = ?1))"
        " ORDER BY number"
    )
    return await tx.column(Number, query, room)


async def polls_ended_since(tx: Tx, room: RoomId, at: datetime) -> list[Number]:
    """Return the polls of a room that ended at `at` (UTC) or later."""
    query = (
        "SELECT number FROM poll_book_poll JOIN item USING (number)"
        " WHERE item.room = ? AND ended >= ? ORDER BY number"
    )
    return await tx.column(Number, query, room, at.timestamp())


async def note_missing_votes(tx: Tx, number: Number, made: datetime) -> None:
    """Store that a poll ended without a result, as its votes after `made` (UTC) are unknown."""
    await tx.run("INSERT INTO poll_book_restored VALUES (?, ?)", number, made.timestamp())


async def votes_missing_since(tx: Tx, number: Number) -> datetime | None:
    """Return since when (UTC) votes are missing from a poll that ended for that, or None."""
    row = await tx.one("SELECT made FROM poll_book_restored WHERE poll = ?", number)
    return datetime.fromtimestamp(row["made"], UTC) if row else None


async def reopen_poll(tx: Tx, number: Number) -> None:
    """Store that a poll which ended for missing votes goes on."""
    await tx.run("UPDATE poll_book_poll SET ended = NULL, cancelled = 0 WHERE number = ?", number)
    await tx.run("DELETE FROM poll_book_restored WHERE poll = ?", number)
