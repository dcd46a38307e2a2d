"""What becomes of a letter: another try after a while, or an end that somebody hears of."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from bot import refusals
from bot.post import Desk
from bot.types import RoomId, UserId
from storage import jobs, letters
from storage.database import Database, Tx
from storage.letters import Letter

LONGEST_WAIT = 60.0


def wait_for(attempt: int, asked: timedelta | None) -> float:
    """Seconds until the next try: what the server asked for, else 1, 2, 4 … 60 with jitter."""
    if asked is not None:
        return asked.total_seconds() + random.uniform(0, 0.5)  # noqa: S311
    return min(LONGEST_WAIT, 2.0 ** min(attempt - 1, 6)) * random.uniform(0.7, 1.3)  # noqa: S311


async def decline(db: Database, letter: Letter, device: str, at: datetime) -> None:
    """We do not come in: who invited us sees it, and can invite us anew."""
    if letter.kind != "join":
        return
    async with db.transaction() as tx:
        await letters.put(
            tx, room=letter.room, person=None, kind="leave", payload={}, device=device, at=at
        )


async def end(
    tx: Tx, desk: Desk, me: UserId, letter: Letter, where: RoomId | None, refused: str | None
) -> None:
    """The letter is done, or was refused for good.

    The capability that wants to know has its job run, once and through restarts (`Then`); without
    one, who asked is told of a refusal.
    """
    then = letter.payload.get("then")
    if then is None:
        if refused:
            await refusals.tell(tx, desk, me, letter, refused)
        return
    room, user = where or RoomId(letter.room or ""), letter.payload.get("user", "")
    heard = {"user": user, "room": room, "code": refused or ""}
    await jobs.add(
        tx, then["feature"], then["job"], room, desk.now(), item=then["item"], payload=heard
    )
