"""Welcomes, who waits for one, and who is new, on disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.api import RoomId, UserId
from storage.database import Tx

REMEMBERED = timedelta(days=30)
"""Who comes back to a room within this time is not welcomed there again."""


async def texts(tx: Tx, room: RoomId) -> dict[str, str]:
    """The room's welcome, by language."""
    rows = await tx.all("SELECT language, text FROM onboarding_welcome WHERE room = ?", room)
    return {row["language"]: row["text"] for row in rows}


async def write(tx: Tx, room: RoomId, language: str, text: str | None) -> None:
    """None takes it away."""
    if text is None:
        await tx.run(
            "DELETE FROM onboarding_welcome WHERE room = ? AND language = ?", room, language
        )
    else:
        await tx.run(
            "INSERT OR REPLACE INTO onboarding_welcome VALUES (?, ?, ?)", room, language, text
        )


# --- who waits to be welcomed -------------------------------------------------------------------


async def greet(tx: Tx, room: RoomId, person: UserId, at: datetime) -> bool:
    """They wait for the room's welcome, unless they had it lately. Are they the first to wait?"""
    await tx.run(
        "DELETE FROM onboarding_greeting WHERE room = ? AND at < ?",
        room,
        (at - REMEMBERED).timestamp(),
    )
    changed = await tx.change(
        "INSERT OR IGNORE INTO onboarding_greeting (room, person, at) VALUES (?, ?, ?)",
        room,
        person,
        at.timestamp(),
    )
    row = await tx.one(
        "SELECT count(*) AS n FROM onboarding_greeting WHERE room = ? AND NOT said", room
    )
    return changed > 0 and row is not None and row["n"] == 1


async def greeted(tx: Tx, room: RoomId) -> list[UserId]:
    """All who waited, in the order in which they came; they wait no more."""
    rows = await tx.all(
        "SELECT person FROM onboarding_greeting WHERE room = ? AND NOT said ORDER BY at, rowid",
        room,
    )
    await tx.run("UPDATE onboarding_greeting SET said = 1 WHERE room = ? AND NOT said", room)
    return [UserId(row["person"]) for row in rows]


# --- who is new in the network ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Newcomer:
    since: datetime
    told: datetime | None


async def newcomer(tx: Tx, person: UserId) -> Newcomer | None:
    row = await tx.one("SELECT since, told FROM onboarding_newcomer WHERE person = ?", person)
    if row is None:
        return None
    told = datetime.fromtimestamp(row["told"], UTC) if row["told"] is not None else None
    return Newcomer(datetime.fromtimestamp(row["since"], UTC), told)


async def is_new(tx: Tx, person: UserId, at: datetime) -> None:
    await tx.run(
        "INSERT OR IGNORE INTO onboarding_newcomer (person, since) VALUES (?, ?)",
        person,
        at.timestamp(),
    )


async def ready(tx: Tx, person: UserId, at: datetime) -> bool:
    """They may be told now. False if they were told, or that is known."""
    changed = await tx.change(
        "UPDATE onboarding_newcomer SET ready = ? WHERE person = ? AND ready IS NULL",
        at.timestamp(),
        person,
    )
    return changed > 0


async def next_ready(tx: Tx, limit: int) -> list[UserId]:
    rows = await tx.all(
        "SELECT person FROM onboarding_newcomer WHERE told IS NULL AND ready IS NOT NULL"
        " ORDER BY ready, person LIMIT ?",
        limit,
    )
    return [UserId(row["person"]) for row in rows]


async def told(tx: Tx, person: UserId, at: datetime) -> None:
    """They get it now, and once."""
    await tx.run("UPDATE onboarding_newcomer SET told = ? WHERE person = ?", at.timestamp(), person)


async def gone(tx: Tx, person: UserId) -> None:
    """They left before they were told: if they come back they are as new."""
    await tx.run("DELETE FROM onboarding_newcomer WHERE person = ?", person)


# --- for the rest -------------------------------------------------------------------------------


async def move(tx: Tx, old: RoomId, new: RoomId) -> None:
    for table in ("onboarding_welcome", "onboarding_greeting"):
        await tx.run(f"UPDATE OR IGNORE {table} SET room = ? WHERE room = ?", new, old)  # noqa: S608
        await tx.run(f"DELETE FROM {table} WHERE room = ?", old)  # noqa: S608


async def welcomed_in(tx: Tx, person: UserId) -> Sequence[RoomId]:
    rows = await tx.all(
        "SELECT room FROM onboarding_greeting WHERE person = ? ORDER BY room", person
    )
    return [RoomId(row["room"]) for row in rows]


async def forget(tx: Tx, person: UserId) -> None:
    await tx.run("DELETE FROM onboarding_greeting WHERE person = ?", person)
    await tx.run("DELETE FROM onboarding_newcomer WHERE person = ?", person)
