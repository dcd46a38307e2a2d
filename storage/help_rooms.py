"""Help rooms, for people without a verified device. A help room stays one for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.types import RoomId, UserId
from storage.database import Tx

INTERVAL = timedelta(hours=24)
GONE = "gone"
"""Replaces the person of a help room who asked to be forgotten."""


async def person_of(tx: Tx, room: RoomId) -> UserId | None:
    """Return the person whom a help room (where unsigned devices can read the bot) helps, or None
    for other rooms."""
    row = await tx.one("SELECT person FROM help_room WHERE room = ?", room)
    return UserId(row["person"]) if row else None


async def purpose_of(tx: Tx, room: RoomId) -> tuple[UserId | None, str]:
    """Return a room's `person_of` and its kind (`storage/rooms.py`), in one query."""
    row = await tx.one(
        "SELECT (SELECT person FROM help_room WHERE room = ?1) AS helped,"
        " (SELECT kind FROM room WHERE room = ?1) AS kind",
        room,
    )
    assert row is not None  # a SELECT without FROM has one row
    return row["helped"], row["kind"] or ""


async def open_for(tx: Tx, person: UserId) -> RoomId | None:
    """Return the person's open help room (where unsigned devices can read the bot), or None."""
    row = await tx.one("SELECT room FROM help_room WHERE person = ? AND open", person)
    return RoomId(row["room"]) if row else None


async def count_open(tx: Tx) -> int:
    """Return how many people have an open help room, where unsigned devices can read the bot."""
    return await tx.count("SELECT count(DISTINCT person) AS n FROM help_room WHERE open")


async def closed_by_signed(tx: Tx, person: UserId) -> RoomId | None:
    """Return the person's open help room if a message from a signed device shows that it is not
    needed any more.

    One for a second device ends when that device is signed.
    """
    row = await tx.one(
        "SELECT room FROM help_room WHERE person = ? AND open AND NOT beside_signed", person
    )
    return RoomId(row["room"]) if row else None


async def rooms_about(tx: Tx, room: RoomId, sender: UserId) -> tuple[UserId | None, RoomId | None]:
    """Return the person whom this room helps, if it is a help room, and the sender's own help room,
    if a message from a signed device closes it; None for what is not so. Both in one query:
    `person_of` and `closed_by_signed`."""
    row = await tx.one(
        "SELECT (SELECT person FROM help_room WHERE room = ?1) AS helped, (SELECT room FROM"
        " help_room WHERE person = ?2 AND open AND NOT beside_signed) AS closes",
        room,
        sender,
    )
    assert row is not None  # a SELECT without FROM has one row
    return row["helped"], row["closes"]


async def may_open(tx: Tx, person: UserId, now: datetime) -> bool:
    """Return whether a help room, where unsigned devices can read the bot, may be opened for the
    person: none is open, and none was opened in the day before `now` (UTC)."""
    row = await tx.one(
        "SELECT 1 FROM help_room WHERE person = ? AND (open OR opened > ?) LIMIT 1",
        person,
        (now - INTERVAL).timestamp(),
    )
    return row is None


async def mark_open(
    tx: Tx, room: RoomId, person: UserId, now: datetime, *, beside_signed: bool
) -> None:
    """Store that this room was opened for a person at `now` (UTC), as the help room where their
    unsigned devices can read the bot too.

    `beside_signed`: they have other devices, which are signed. An earlier help room of theirs
    counts as closed from now on, and isn't used again.
    """
    await mark_closed(tx, person)
    await tx.run(
        "INSERT OR REPLACE INTO help_room VALUES (?, ?, ?, 1, ?)",
        room,
        person,
        now.timestamp(),
        beside_signed,
    )


async def mark_closed(tx: Tx, person: UserId) -> None:
    """Store that a person's help room, where unsigned devices could read the bot, is closed. It
    stays marked as a help room."""
    await tx.run("UPDATE help_room SET open = 0 WHERE person = ?", person)


async def mark_unreadable(tx: Tx, person: UserId, now: datetime) -> None:
    """Store since when (UTC) the person can read no message of the bot's; the first time counts."""
    await tx.run(
        "INSERT INTO device_trouble (person, unread_since) VALUES (?1, ?2) ON CONFLICT (person)"
        " DO UPDATE SET unread_since = coalesce(unread_since, ?2)",
        person,
        now.timestamp(),
    )


async def unread_since(tx: Tx, person: UserId) -> datetime | None:
    """Return since when (UTC) the person can read no message of the bot's, or None."""
    row = await tx.one("SELECT unread_since AS at FROM device_trouble WHERE person = ?", person)
    return datetime.fromtimestamp(row["at"], UTC) if row and row["at"] is not None else None


async def mark_readable(tx: Tx, person: UserId) -> None:
    """Store that the person can read the bot's messages again."""
    await tx.run("UPDATE device_trouble SET unread_since = NULL WHERE person = ?", person)
    await tx.run("DELETE FROM device_trouble WHERE person = ? AND NOT told", person)


async def mark_told_of_device(tx: Tx, person: UserId) -> None:
    """Store that the person was told of an unverified device."""
    await tx.run(
        "INSERT INTO device_trouble (person, told) VALUES (?, 1)"
        " ON CONFLICT (person) DO UPDATE SET told = 1",
        person,
    )


async def take_waiting(tx: Tx, person: UserId) -> bool:
    """Return whether the person waited to be told that all is well again, and delete the mark."""
    return await tx.change("DELETE FROM device_trouble WHERE person = ?", person) > 0


async def forget_person(tx: Tx, person: UserId) -> None:
    """Remove the person's name from their help rooms, where unsigned devices could read the bot.
    The rooms stay marked as such."""
    await tx.run(
        "UPDATE help_room SET person = ?, opened = NULL, open = 0 WHERE person = ?", GONE, person
    )
