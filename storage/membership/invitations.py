"""Invitations that the bot follows: the inviter, and whether the room is meant as private.

Stored until the bot has joined or gives up.
"""

from __future__ import annotations

from bot.types import RoomId, UserId
from storage.database import Tx


async def save(tx: Tx, room: RoomId, inviter: UserId, *, direct: bool) -> None:
    """Store an invitation of the bot, and delete earlier ones that came to nothing."""
    await tx.run(
        "DELETE FROM invitation WHERE room NOT IN (SELECT room FROM letter WHERE kind = 'join'"
        " AND room IS NOT NULL UNION SELECT room FROM room WHERE joined)"
    )
    await tx.run("INSERT OR REPLACE INTO invitation VALUES (?, ?, ?)", room, inviter, direct)


async def get(tx: Tx, room: RoomId) -> tuple[UserId | None, bool]:
    """Return who invited the bot to the room, or None, and whether the room was meant as
    private."""
    row = await tx.one("SELECT inviter, direct FROM invitation WHERE room = ?", room)
    return (UserId(row["inviter"]), bool(row["direct"])) if row else (None, False)


async def is_followed(tx: Tx, room: RoomId) -> bool:
    """Return whether the bot still tries to join a room that it was invited to."""
    return await tx.exists(
        "SELECT 1 FROM letter JOIN invitation USING (room) WHERE letter.kind = 'join' AND room = ?",
        room,
    )


async def take(tx: Tx, room: RoomId) -> tuple[UserId | None, bool]:
    """Return who invited the bot to the room, as `get` does, and delete the invitation."""
    found = await get(tx, room)
    await tx.run("DELETE FROM invitation WHERE room = ?", room)
    return found


async def count_pending(tx: Tx, inviter: UserId) -> int:
    """Return how many rooms the bot still tries to join for this inviter."""
    return await tx.count(
        "SELECT count(*) AS n FROM letter JOIN invitation USING (room)"
        " WHERE letter.kind = 'join' AND inviter = ?",
        inviter,
    )
