"""Store of the anonymous box: who reads a message, and for 30 days who wrote it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.api import Number, RoomId, UserId, sealed_text
from commands.anonymous_box.declaration import DAY
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Note:
    """A message without a name. `room` reads it; None if each reader was told alone."""

    item: Number
    room: RoomId | None


def _place(item: Number) -> bytes:
    return b"anonymous|%d" % item


async def add_note(
    tx: Tx, item: Number, room: RoomId | None, sender: UserId, readers: Iterable[bytes]
) -> None:
    """Store for whom an anonymous message is, and its sender, encrypted under a key of this message
    alone. Its text is stored with the item."""
    key = sealed_text.new_key()
    await tx.run("INSERT INTO anonymous_box_note VALUES (?, ?)", item, room or "")
    await tx.run(
        "INSERT INTO anonymous_box_sender VALUES (?, ?, ?)",
        item,
        key,
        sealed_text.seal(key, _place(item), sender),
    )
    await tx.many(
        "INSERT INTO anonymous_box_reader VALUES (?, ?)", [(item, mark) for mark in readers]
    )


async def get_note(tx: Tx, item: Number) -> Note | None:
    """Return the anonymous message with this number, or None."""
    row = await tx.one("SELECT * FROM anonymous_box_note WHERE item = ?", item)
    return Note(item, RoomId(row["room"]) if row["room"] else None) if row else None


async def sender_of(tx: Tx, item: Number) -> UserId | None:
    """Return who wrote an anonymous message, or None once that is deleted."""
    row = await tx.one("SELECT key, sealed FROM anonymous_box_sender WHERE item = ?", item)
    if row is None:
        return None
    return UserId(sealed_text.unseal(bytes(row["key"]), _place(item), bytes(row["sealed"])))


async def notes_of(tx: Tx, person: UserId) -> list[Number]:
    """Return the anonymous messages of which this person is stored as the author."""
    rows = await tx.all("SELECT item FROM anonymous_box_sender ORDER BY item")
    every = [Number(row["item"]) for row in rows]
    return [item for item in every if await sender_of(tx, item) == person]


async def is_reader(tx: Tx, item: Number, mark: bytes) -> bool:
    """Return whether the person with this hash was shown the anonymous message alone, not in a
    room."""
    return await tx.exists(
        "SELECT 1 FROM anonymous_box_reader WHERE item = ? AND mark = ?", item, mark
    )


async def delete_link(tx: Tx, item: Number) -> None:
    """Delete who wrote an anonymous message, from the write-ahead log too."""
    await tx.run("DELETE FROM anonymous_box_sender WHERE item = ?", item)
    tx.shred()


# --- limits -----------------------------------------------------------------------------------


async def count_recent_sent(tx: Tx, mark: bytes, now: datetime) -> int:
    """Return how many anonymous messages this sender wrote within a day; older marks are
    deleted."""
    await delete_old_marks(tx, now)
    return await tx.count("SELECT count(*) AS n FROM anonymous_box_sent WHERE mark = ?", mark)


async def add_sent(tx: Tx, mark: bytes, now: datetime) -> None:
    """Store that somebody sent one more anonymous message."""
    await tx.run("INSERT INTO anonymous_box_sent VALUES (?, ?)", mark, now.timestamp())


async def delete_old_marks(tx: Tx, now: datetime) -> None:
    """Delete marks of anonymous messages sent over a day ago, and mutes that are over."""
    await tx.run("DELETE FROM anonymous_box_sent WHERE at <= ?", (now - DAY).timestamp())
    await tx.run("DELETE FROM anonymous_box_muted WHERE until <= ?", now.timestamp())


async def mute(tx: Tx, mark: bytes, until: datetime) -> None:
    """Store that anonymous messages of this sender are not passed on until then (UTC)."""
    await tx.run(
        "INSERT OR REPLACE INTO anonymous_box_muted VALUES (?, ?)", mark, until.timestamp()
    )


async def muted_until(tx: Tx, mark: bytes, now: datetime) -> datetime | None:
    """Return until when (UTC) anonymous messages of this sender are not passed on, or None."""
    row = await tx.one(
        "SELECT until FROM anonymous_box_muted WHERE mark = ? AND until > ?", mark, now.timestamp()
    )
    return datetime.fromtimestamp(row["until"], UTC) if row else None
