"""Invitations that the bot follows: the inviter, and whether the room is meant as private.

Facts `by:<room>` and `direct:<room>`, until the bot has joined or gives up.
"""

from __future__ import annotations

from bot.types import RoomId, UserId
from storage import settings
from storage.database import Tx

_OVER = (
    "NOT IN (SELECT room FROM letter WHERE kind = 'join' AND room IS NOT NULL"
    " UNION SELECT room FROM room WHERE joined)"
)


async def save(tx: Tx, room: RoomId, inviter: UserId, *, direct: bool) -> None:
    """Store an invitation, and delete those that came to nothing."""
    for kind, after in (("by:", "by;"), ("direct:", "direct;")):
        await tx.run(
            f"DELETE FROM fact WHERE name >= ? AND name < ? AND substr(name, ?) {_OVER}",  # noqa: S608
            kind,
            after,
            len(kind) + 1,
        )
    await settings.set_fact(tx, f"by:{room}", inviter)
    if direct:
        await settings.set_fact(tx, f"direct:{room}", "yes")


async def take(tx: Tx, room: RoomId) -> tuple[UserId | None, bool]:
    """Return and delete the inviter and whether it was meant as private."""
    inviter = await settings.get_fact(tx, f"by:{room}")
    direct = await settings.get_fact(tx, f"direct:{room}") == "yes"
    await tx.run("DELETE FROM fact WHERE name IN (?, ?)", f"by:{room}", f"direct:{room}")
    return UserId(inviter) if inviter else None, direct


async def count_pending(tx: Tx, inviter: UserId) -> int:
    """Return how many rooms the bot still tries to join for this inviter."""
    row = await tx.one(
        "SELECT count(*) AS n FROM letter JOIN fact ON fact.name = 'by:' || letter.room"
        " WHERE letter.kind = 'join' AND fact.value = ?",
        inviter,
    )
    return int(row["n"]) if row else 0
