"""What follows a delivery: a retry after some time, or an end that somebody is told of."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from bot.delivery import refusals
from bot.delivery.entry_writer import AnswerWriter
from bot.types import RoomId, UserId
from storage import jobs, outbox_entries
from storage.database import Database, Tx
from storage.outbox_entries import OutboxEntry

LONGEST_WAIT = 60.0


def retry_delay(attempt: int, asked: timedelta | None) -> float:
    """Return seconds until the next try: what the server asks for, else 1, 2, 4 … 60 with
    jitter.
    """
    if asked is not None:
        return asked.total_seconds() + random.uniform(0, 0.5)  # noqa: S311
    return min(LONGEST_WAIT, 2.0 ** min(attempt - 1, 6)) * random.uniform(0.7, 1.3)  # noqa: S311


async def decline_invitation(db: Database, letter: OutboxEntry, device: str, at: datetime) -> None:
    """If this was a join, write an entry that declines the invitation, so it can be repeated."""
    if letter.kind != "join":
        return
    async with db.transaction() as tx:
        await outbox_entries.add(
            tx, room=letter.room, person=None, kind="leave", payload={}, device=device, at=at
        )


async def finish_entry(
    tx: Tx,
    desk: AnswerWriter,
    me: UserId,
    letter: OutboxEntry,
    where: RoomId | None,
    refused: str | None,
) -> None:
    """Finish an entry that was delivered, or refused for good.

    Its callback is scheduled, once and across restarts. Without one, the requester is told of a
    refusal.
    """
    then = letter.payload.get("then")
    if then is None:
        if refused:
            await refusals.report_refusal(tx, desk, me, letter, refused)
        return
    room, user = where or RoomId(letter.room or ""), letter.payload.get("user", "")
    heard = {"user": user, "room": room, "code": refused or ""}
    await jobs.add(
        tx, then["feature"], then["job"], room, desk.now(), item=then["item"], payload=heard
    )
