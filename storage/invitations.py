"""Invitations that we follow: who invited us, and whether they called the room a private one.

Facts `by:<room>` and `direct:<room>`, from the invitation until we are in the room or give it up.
"""

from __future__ import annotations

from bot.types import RoomId, UserId
from storage import settings
from storage.database import Tx

_OVER = (
    "NOT IN (SELECT room FROM letter WHERE kind = 'join' AND room IS NOT NULL"
    " UNION SELECT room FROM room WHERE joined)"
)


async def keep(tx: Tx, room: RoomId, inviter: UserId, *, direct: bool) -> None:
    """We mean to go there. Those that came to nothing are forgotten here."""
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
    """Who invited us there, and was it meant as private? The invitation has ended."""
    inviter = await settings.fact(tx, f"by:{room}")
    direct = await settings.fact(tx, f"direct:{room}") == "yes"
    await tx.run("DELETE FROM fact WHERE name IN (?, ?)", f"by:{room}", f"direct:{room}")
    return UserId(inviter) if inviter else None, direct


async def pending(tx: Tx, inviter: UserId) -> int:
    """How many rooms we are still trying to enter because this person asked us to."""
    row = await tx.one(
        "SELECT count(*) AS n FROM letter JOIN fact ON fact.name = 'by:' || letter.room"
        " WHERE letter.kind = 'join' AND fact.value = ?",
        inviter,
    )
    return int(row["n"]) if row else 0
