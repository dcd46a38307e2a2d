"""What follows a delivery: a retry after some time, or an end that somebody is told of."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot.delivery import refusals
from bot.delivery.entry_kind import Delivered, PendingEntry
from bot.delivery.entry_writer import AnswerWriter
from bot.delivery.payload import MessagePayload
from bot.types import EventId, RoomId, UserId
from storage import jobs, outbox_entries
from storage.database import Database, Tx

LONGEST_WAIT = 60.0


def retry_delay(attempt: int, asked: timedelta | None) -> float:
    """Return the seconds until the next try: what the server asks for, else 1, 2, 4 … 60 with
    jitter."""
    if asked is not None:
        return asked.total_seconds() + random.uniform(0, 0.5)  # noqa: S311
    return min(LONGEST_WAIT, 2.0 ** min(attempt - 1, 6)) * random.uniform(0.7, 1.3)  # noqa: S311


async def finish_entry(
    db: Database,
    answers: AnswerWriter,
    me: UserId,
    entry: PendingEntry[Any],
    room: RoomId | None,
    event: EventId | None,
    refused: str | None,
) -> None:
    """Delete an outbox entry that was delivered, or refused for good (`refused`: the error code),
    and pass the result on. Idempotent."""
    async with db.transaction() as tx:
        if not await _end_entry(tx, entry, room, event):
            return
        if entry.kind.finished is not None:
            await entry.kind.finished(tx, entry.row, refused)
        await _tell_result(tx, answers, me, entry, room, event, refused)
        if event is None:
            await refusals.end_lost_question(tx, answers, entry, refused)


async def mark_delivered(db: Database, done: Sequence[Delivered]) -> None:
    """End entries that were delivered and from which nothing follows, in one commit. Idempotent."""
    async with db.transaction() as tx:
        for one in done:
            await _end_entry(tx, one.entry, one.room, one.event)


async def _end_entry(
    tx: Tx, entry: PendingEntry[Any], room: RoomId | None, event: EventId | None
) -> bool:
    """Delete the entry and pass its event on. Return False if that was done before."""
    payload = entry.payload
    content = payload.content if isinstance(payload, MessagePayload) else {}
    return await outbox_entries.finish(tx, entry.row, room, event, content)


async def _tell_result(
    tx: Tx,
    answers: AnswerWriter,
    me: UserId,
    entry: PendingEntry[Any],
    where: RoomId | None,
    event: EventId | None,
    refused: str | None,
) -> None:
    """Schedule the entry's callback, once and across restarts.

    Without one, the requester is told of a refusal.
    """
    then = entry.payload.then
    if then is None:
        if refused:
            await refusals.report_refusal(tx, answers, me, entry, refused)
        return
    room = where or RoomId(entry.row.room or "")
    asked = entry.payload.requester
    heard = {"user": entry.payload.person or "", "room": room, "code": refused or ""}
    heard |= {"event": event} if event is not None else {}
    heard |= {"by": asked.by} if asked is not None else {}
    await jobs.add(tx, then.feature, then.job, room, answers.now(), item=then.item, payload=heard)
