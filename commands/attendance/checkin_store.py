"""Store who was present at an event, its door codes and wrong attempts."""

from __future__ import annotations

from datetime import datetime

from bot.api import Number, UserId
from storage.database import Tx


async def door_code(tx: Tx, item: Number, key: datetime, fresh: str | None) -> str | None:
    """Return the code for checking in at a date of an event, or None.

    If it has none yet, `fresh` becomes its code, unless that is None.
    """
    if fresh is not None:
        await tx.run(
            "INSERT OR IGNORE INTO attendance_door VALUES (?, ?, ?)", item, key.isoformat(), fresh
        )
    row = await tx.one(
        "SELECT code FROM attendance_door WHERE item = ? AND date = ?", item, key.isoformat()
    )
    return str(row["code"]) if row else None


async def count_wrong_codes(tx: Tx, item: Number, person: UserId) -> int:
    """Return how many wrong door codes this person typed at the event."""
    row = await tx.one(
        "SELECT count FROM attendance_missed WHERE item = ? AND person = ?", item, person
    )
    return int(row["count"]) if row else 0


async def add_wrong_code(tx: Tx, item: Number, person: UserId) -> None:
    """Count one more wrong door code of this person at an event."""
    await tx.run(
        "INSERT INTO attendance_missed VALUES (?, ?, 1)"
        " ON CONFLICT (item, person) DO UPDATE SET count = count + 1",
        item,
        person,
    )


async def mark_present(tx: Tx, item: Number, key: datetime, person: UserId) -> None:
    """Record that the person was present at this date of the event. Idempotent."""
    await tx.run(
        "INSERT OR IGNORE INTO attendance_there VALUES (?, ?, ?)", item, key.isoformat(), person
    )


async def last_presence(tx: Tx, item: Number) -> tuple[datetime, list[UserId]] | None:
    """Return the latest date of an event with recorded presence and the people present, or None."""
    row = await tx.one("SELECT max(date) AS date FROM attendance_there WHERE item = ?", item)
    if row is None or row["date"] is None:
        return None
    rows = await tx.all(
        "SELECT person FROM attendance_there WHERE item = ? AND date = ? ORDER BY person",
        item,
        row["date"],
    )
    return datetime.fromisoformat(row["date"]), [UserId(r["person"]) for r in rows]


async def presence_by_date(tx: Tx, item: Number) -> dict[datetime, list[UserId]]:
    """Return the people who were present at an event, by the key of the date."""
    found: dict[datetime, list[UserId]] = {}
    for row in await tx.all("SELECT date, person FROM attendance_there WHERE item = ?", item):
        found.setdefault(datetime.fromisoformat(row["date"]), []).append(UserId(row["person"]))
    return found


async def presence_of_person(tx: Tx, person: UserId) -> list[tuple[Number, datetime]]:
    """Return each event and date at which this person was present."""
    rows = await tx.all(
        "SELECT item, date FROM attendance_there WHERE person = ? ORDER BY date", person
    )
    return [(Number(r["item"]), datetime.fromisoformat(r["date"])) for r in rows]
