"""Which messages of a network a restored backup had lost, and how far they are back."""

from __future__ import annotations

from datetime import datetime

from bot.api import Number
from storage.database import Tx


async def was_lost(tx: Tx, link: Number, key: str, seq: int, since: datetime) -> bool:
    """Return whether our message with this number is one that a backup lost which was restored
    since an instant: between its end and the `again` with which our chain goes on."""
    return await tx.exists(
        "SELECT 1 FROM links_message WHERE link = ? AND key = ? AND seq > ? AND at >= ?"
        " AND json_extract(content, '$.kind') = 'again'"
        " AND json_extract(content, '$.body.after') < ?",
        link,
        key,
        seq,
        since.timestamp(),
        seq,
    )


async def last_number_before(tx: Tx, link: Number, key: str, before: int) -> int:
    """Return the highest number below this one of a network's stored messages, or 0."""
    return await tx.count(
        "SELECT coalesce(max(seq), 0) AS n FROM links_message"
        " WHERE link = ? AND key = ? AND seq < ?",
        link,
        key,
        before,
    )


async def next_number_held(tx: Tx, link: Number, key: str, first: int) -> int:
    """Return the lowest number, from `first` on, of those messages of a network that we hold and
    that came before the latest `again`, with which its chain goes on from a backup; else 0."""
    return await tx.count(
        "SELECT coalesce(min(seq), 0) AS n FROM links_message WHERE link = ? AND key = ?"
        " AND seq >= ? AND seq < (SELECT max(seq) FROM links_message WHERE link = ? AND key = ?"
        " AND json_extract(content, '$.kind') = 'again')",
        link,
        key,
        first,
        link,
        key,
    )
