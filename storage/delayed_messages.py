"""Messages that wait at the homeserver and go out at their time by themselves (MSC4140).

A row stands from when the message is wanted until it is taken back or the bot knows that it went
out.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.types import Number, RoomId, UserId
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class DelayedMessage:
    """A message for one person about an item. `delay_id` is None until it lies at the server."""

    number: int
    item: Number
    person: UserId
    send_at: datetime
    txn: str
    room: RoomId | None
    delay_id: str | None
    wanted: bool


def _message(row: Any) -> DelayedMessage:
    return DelayedMessage(
        row["number"],
        Number(row["item"]),
        UserId(row["person"]),
        datetime.fromtimestamp(row["send_at"], UTC),
        row["txn"],
        row["room"],
        row["delay_id"],
        bool(row["wanted"]),
    )


async def add(tx: Tx, item: Number, person: UserId, send_at: datetime, txn: str) -> None:
    """Store that a delayed message is wanted, to go out at `send_at` (UTC).

    `txn` is the transaction id of its outbox entry.
    """
    await tx.run(
        "INSERT INTO delayed_message (item, person, send_at, txn) VALUES (?, ?, ?, ?)",
        item,
        person,
        send_at.timestamp(),
        txn,
    )


async def get(tx: Tx, number: int) -> DelayedMessage | None:
    """Return the delayed message with this number, or None."""
    row = await tx.one("SELECT * FROM delayed_message WHERE number = ?", number)
    return _message(row) if row else None


async def get_by_txn(tx: Tx, txn: str) -> DelayedMessage | None:
    """Return the delayed message whose outbox entry has this transaction id, or None."""
    row = await tx.one("SELECT * FROM delayed_message WHERE txn = ?", txn)
    return _message(row) if row else None


async def about(tx: Tx, item: Number, people: Collection[UserId] = ()) -> list[DelayedMessage]:
    """Return the delayed messages about an item, for these people or for everybody, in the order of
    their numbers."""
    rows = await tx.all("SELECT * FROM delayed_message WHERE item = ? ORDER BY number", item)
    return [one for one in map(_message, rows) if not people or one.person in people]


async def wanted(tx: Tx, item: Number, person: UserId) -> DelayedMessage | None:
    """Return the delayed message that this person is to get about the item, or None."""
    found = [one for one in await about(tx, item, (person,)) if one.wanted]
    return found[-1] if found else None


async def count(tx: Tx) -> int:
    """Return how many delayed messages lie at the homeserver or are on their way there."""
    row = await tx.one("SELECT count(*) AS many FROM delayed_message")
    return int(row["many"]) if row else 0


async def known_delay_ids(tx: Tx) -> set[str]:
    """Return the homeserver's ids of all delayed messages known to lie there."""
    found = await tx.column(str, "SELECT delay_id FROM delayed_message WHERE delay_id IS NOT NULL")
    return set(found)


async def mark_left(tx: Tx, number: int, room: RoomId, delay_id: str) -> bool:
    """Store in which room, and under which id of the homeserver, a delayed message lies.

    Return whether it is still wanted.
    """
    await tx.run(
        "UPDATE delayed_message SET room = ?, delay_id = ? WHERE number = ?",
        room,
        delay_id,
        number,
    )
    found = await get(tx, number)
    return found is not None and found.wanted


async def mark_unwanted(tx: Tx, number: int) -> None:
    """Store that the delayed message is to be cancelled, also if it does not lie at the homeserver
    yet."""
    await tx.run("UPDATE delayed_message SET wanted = 0 WHERE number = ?", number)


async def delete(tx: Tx, number: int) -> None:
    """Delete a delayed message that was cancelled or sent."""
    await tx.run("DELETE FROM delayed_message WHERE number = ?", number)


async def delete_left(tx: Tx, number: int) -> None:
    """Delete a delayed message if it lies at the homeserver; one on its way there stays."""
    await tx.run("DELETE FROM delayed_message WHERE number = ? AND delay_id IS NOT NULL", number)


async def delete_never_left(tx: Tx, txn: str) -> None:
    """Delete the delayed message of an outbox entry that ended, if the homeserver never got it."""
    await tx.run("DELETE FROM delayed_message WHERE txn = ? AND delay_id IS NULL", txn)
