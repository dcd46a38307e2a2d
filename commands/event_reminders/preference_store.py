"""Store who wants no reminders of events, and people's quiet hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from bot.api import Number, UserId
from commands.event_reminders.reminder_times import QuietHours
from storage.database import Tx

ALL_EVENTS = Number(0)
"""Stands for every event in the place of an item number."""


async def muted_people(tx: Tx, item: Number, people: Sequence[UserId]) -> set[UserId]:
    """Return which of these people want no reminders of this event.

    `people` is one page, few enough for a single query.
    """
    marks = ",".join("?" * len(people))
    rows = await tx.all(
        f"SELECT person FROM event_reminders_muted WHERE item IN (0, ?) AND person IN ({marks})",  # noqa: S608
        item,
        *people,
    )
    return {UserId(r["person"]) for r in rows}


async def mute_event(tx: Tx, person: UserId, item: Number) -> None:
    """Turn off a person's reminders of an event, or of all events (`ALL_EVENTS`). Idempotent."""
    await tx.run("INSERT OR IGNORE INTO event_reminders_muted VALUES (?, ?)", person, item)


async def unmute_event(tx: Tx, person: UserId, item: Number) -> None:
    """Turn on a person's reminders of an event.

    With `ALL_EVENTS` they are turned on for all events, also for those muted one by one.
    """
    await tx.run(
        "DELETE FROM event_reminders_muted WHERE person = ?1 AND (?2 = 0 OR item IN (0, ?2))",
        person,
        item,
    )


async def forget_muted(tx: Tx, item: Number) -> None:
    """Delete which people wanted no reminders of this event."""
    await tx.run("DELETE FROM event_reminders_muted WHERE item = ?", item)


async def chosen_quiet_hours(tx: Tx, people: Sequence[UserId]) -> dict[UserId, QuietHours]:
    """Return the quiet hours of those of these people who chose some.

    `people` is one page, few enough for a single query.
    """
    marks = ",".join("?" * len(people))
    rows = await tx.all(f"SELECT * FROM event_reminders_quiet WHERE person IN ({marks})", *people)  # noqa: S608
    return {
        UserId(r["person"]): QuietHours(
            time.fromisoformat(r["start"]), time.fromisoformat(r["stop"])
        )
        for r in rows
    }


async def save_quiet_hours(tx: Tx, person: UserId, chosen: QuietHours) -> None:
    """Store a person's quiet hours."""
    await tx.run(
        "INSERT OR REPLACE INTO event_reminders_quiet VALUES (?, ?, ?)",
        person,
        chosen.start.isoformat(),
        chosen.end.isoformat(),
    )
