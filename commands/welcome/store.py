"""Storage of welcome texts, of people who wait for one, and of who is new in the network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.api import RoomId, UserId
from storage.database import Tx

REMEMBERED = timedelta(days=30)
"""Whoever comes back to a room within this time is not welcomed there again."""


async def get_texts(tx: Tx, room: RoomId) -> dict[str, str]:
    """Return the room's welcome texts by language."""
    rows = await tx.all("SELECT language, text FROM welcome_text WHERE room = ?", room)
    return {row["language"]: row["text"] for row in rows}


async def set_text(tx: Tx, room: RoomId, language: str, text: str | None) -> None:
    """Store the room's welcome in one language; `text` None deletes it."""
    if text is None:
        await tx.run("DELETE FROM welcome_text WHERE room = ? AND language = ?", room, language)
    else:
        await tx.run("INSERT OR REPLACE INTO welcome_text VALUES (?, ?, ?)", room, language, text)


# --- people who wait for a welcome --------------------------------------------------------------


async def add_waiting(tx: Tx, room: RoomId, person: UserId, at: datetime) -> bool:
    """Store that the person waits for the room's welcome. Return True if nobody waited before.

    Somebody who was welcomed within `REMEMBERED` is not noted, and the result is False.
    """
    await tx.run(
        "DELETE FROM welcome_greeting WHERE room = ? AND at < ?",
        room,
        (at - REMEMBERED).timestamp(),
    )
    changed = await tx.change(
        "INSERT OR IGNORE INTO welcome_greeting (room, person, at) VALUES (?, ?, ?)",
        room,
        person,
        at.timestamp(),
    )
    row = await tx.one(
        "SELECT count(*) AS n FROM welcome_greeting WHERE room = ? AND NOT said", room
    )
    return changed > 0 and row is not None and row["n"] == 1


async def take_waiting(tx: Tx, room: RoomId) -> list[UserId]:
    """Return all people who wait for the room's welcome, in the order in which they came, and mark
    them as greeted."""
    rows = await tx.all(
        "SELECT person FROM welcome_greeting WHERE room = ? AND NOT said ORDER BY at, rowid",
        room,
    )
    await tx.run("UPDATE welcome_greeting SET said = 1 WHERE room = ? AND NOT said", room)
    return [UserId(row["person"]) for row in rows]


# --- newcomers ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Newcomer:
    """When somebody came into the network, and when they were sent the summary."""

    since: datetime
    told_at: datetime | None


async def get_newcomer(tx: Tx, person: UserId) -> Newcomer | None:
    """Return when a person came into the network and which steps of their welcome are done, or
    None."""
    row = await tx.one("SELECT since, told FROM welcome_newcomer WHERE person = ?", person)
    if row is None:
        return None
    told = datetime.fromtimestamp(row["told"], UTC) if row["told"] is not None else None
    return Newcomer(datetime.fromtimestamp(row["since"], UTC), told)


async def add_newcomer(tx: Tx, person: UserId, at: datetime) -> None:
    """Store that the person came into the network at this time (UTC). The first time stays."""
    await tx.run(
        "INSERT OR IGNORE INTO welcome_newcomer (person, since) VALUES (?, ?)",
        person,
        at.timestamp(),
    )


async def mark_ready(tx: Tx, person: UserId, at: datetime) -> bool:
    """Store that a newcomer's summary may be sent.

    Return False if it was marked before or they are unknown.
    """
    changed = await tx.change(
        "UPDATE welcome_newcomer SET ready = ? WHERE person = ? AND ready IS NULL",
        at.timestamp(),
        person,
    )
    return changed > 0


async def next_ready(tx: Tx, limit: int) -> list[UserId]:
    """Return the next people to whom the summary is due, the longest waiting first."""
    return await tx.column(
        UserId,
        "SELECT person FROM welcome_newcomer WHERE told IS NULL AND ready IS NOT NULL"
        " ORDER BY ready, person LIMIT ?",
        limit,
    )


async def mark_told(tx: Tx, person: UserId, at: datetime) -> None:
    """Store that a newcomer's summary was sent, so that it is sent at most once."""
    await tx.run("UPDATE welcome_newcomer SET told = ? WHERE person = ?", at.timestamp(), person)


async def drop_newcomer(tx: Tx, person: UserId) -> None:
    """Delete the record of a newcomer who left before the summary: if they come back they are
    new."""
    await tx.run("DELETE FROM welcome_newcomer WHERE person = ?", person)


# --- moved rooms and a person's data ------------------------------------------------------------


async def rooms_welcomed_in(tx: Tx, person: UserId) -> Sequence[RoomId]:
    """Return the rooms in which the person waits for a welcome or had one lately."""
    return await tx.column(
        RoomId, "SELECT room FROM welcome_greeting WHERE person = ? ORDER BY room", person
    )


async def mark_round(tx: Tx) -> bool:
    """Store that the next job which sends newcomers their summaries is scheduled. Return False if
    it was."""
    return await tx.change("INSERT OR IGNORE INTO welcome_summary_round VALUES (1)") > 0


async def clear_round(tx: Tx) -> None:
    """Store that the job which sends newcomers their summaries has run, so that the next one who
    comes schedules it again."""
    await tx.run("DELETE FROM welcome_summary_round")
