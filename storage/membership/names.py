"""Names by which people are known who are or were in a room."""

from __future__ import annotations

from bot.types import RoomId, UserId
from storage.database import Tx


async def of_who_came(tx: Tx, room: RoomId) -> dict[UserId, str]:
    """Return who is or was in the room, with the display name they have there, or elsewhere.

    Invitations and knocks don't count. Names are untrusted and may be ''.
    """
    rows = await tx.all(
        "SELECT person, COALESCE(NULLIF(name, ''), (SELECT name FROM member AS other"
        " WHERE other.person = member.person AND other.name != '' LIMIT 1), '') AS name"
        " FROM member WHERE room = ? AND membership IN ('join', 'leave', 'ban') ORDER BY person",
        room,
    )
    return {UserId(row["person"]): str(row["name"]) for row in rows}
