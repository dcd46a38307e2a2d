"""Who wants no reminders of events, and in which hours nothing rings for whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from bot.api import Number, UserId
from commands.events.bells import Quiet
from storage.database import Tx

ANY = Number(0)
"""In the place of an event: none of them."""


async def muted(tx: Tx, item: Number, people: Sequence[UserId]) -> set[UserId]:
    """Who of these (a page of people) wants no reminders of this event."""
    marks = ",".join("?" * len(people))
    rows = await tx.all(
        f"SELECT person FROM events_muted WHERE item IN (0, ?) AND person IN ({marks})",  # noqa: S608
        item,
        *people,
    )
    return {UserId(r["person"]) for r in rows}


async def mute(tx: Tx, person: UserId, item: Number) -> None:
    await tx.run("INSERT OR IGNORE INTO events_muted VALUES (?, ?)", person, item)


async def unmute(tx: Tx, person: UserId, item: Number) -> None:
    """Of this event; or (`ANY`) of all, those too that were muted one by one."""
    await tx.run(
        "DELETE FROM events_muted WHERE person = ?1 AND (?2 = 0 OR item IN (0, ?2))", person, item
    )


async def mutes(tx: Tx, person: UserId) -> list[Number]:
    rows = await tx.all("SELECT item FROM events_muted WHERE person = ? ORDER BY item", person)
    return [Number(r["item"]) for r in rows]


async def hours(tx: Tx, people: Sequence[UserId]) -> dict[UserId, Quiet]:
    """What they chose, of those (a page of people) who did."""
    marks = ",".join("?" * len(people))
    rows = await tx.all(f"SELECT * FROM events_quiet WHERE person IN ({marks})", *people)  # noqa: S608
    return {
        UserId(r["person"]): Quiet(time.fromisoformat(r["start"]), time.fromisoformat(r["stop"]))
        for r in rows
    }


async def choose(tx: Tx, person: UserId, chosen: Quiet) -> None:
    await tx.run(
        "INSERT OR REPLACE INTO events_quiet VALUES (?, ?, ?)",
        person,
        chosen.start.isoformat(),
        chosen.end.isoformat(),
    )
