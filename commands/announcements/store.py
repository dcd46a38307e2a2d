"""Announcements and who has read them, in the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.api import Number, RoomId, UserId, items
from commands.announcements.declaration import KIND
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Announcement:
    """An announcement. `asks`: it asks who has read it."""

    item: Number
    text: str
    asks: bool


async def add_announcement(tx: Tx, one: Announcement) -> None:
    """Store an announcement for its item's number."""
    await tx.run(
        "INSERT INTO announcements_announcement VALUES (?, ?, ?)", one.item, one.text, one.asks
    )


async def get_announcement(tx: Tx, item: Number) -> Announcement | None:
    """Return the announcement with this number, or None."""
    row = await tx.one(
        f"SELECT a.*, a.text AS title, language, {items.TITLE_TRANSLATIONS}"  # noqa: S608
        " FROM announcements_announcement a JOIN item ON number = a.item WHERE a.item = ?",
        item,
    )
    if row is None:
        return None
    return Announcement(Number(row["item"]), items.translated_title(row), bool(row["asks"]))


async def add_reading(tx: Tx, item: Number, person: UserId, room: RoomId, at: datetime) -> bool:
    """Store that a person has read an announcement, in one of its rooms. Return False if that was
    stored before."""
    query = "INSERT OR IGNORE INTO announcements_reading VALUES (?, ?, ?, ?)"
    return await tx.change(query, item, person, room, at.timestamp()) > 0


async def count_readings(tx: Tx, item: Number) -> dict[RoomId, int]:
    """Return how many people said that they have read an announcement, for each room with at least
    one."""
    rows = await tx.all(
        "SELECT room, count(*) AS n FROM announcements_reading WHERE item = ? GROUP BY room", item
    )
    return {RoomId(row["room"]): row["n"] for row in rows}


async def readings_of(tx: Tx, person: UserId) -> list[Number]:
    """Return the announcements that a person said they have read."""
    query = "SELECT item FROM announcements_reading WHERE person = ? ORDER BY item"
    return await tx.column(Number, query, person)


async def numbers_in(tx: Tx, room: RoomId) -> list[Number]:
    """Return the numbers of the announcements in a room that are not over."""
    return [item.number for item in await items.open_in(tx, room, KIND)]


async def asking_in(tx: Tx, room: RoomId) -> list[Number]:
    """Return the numbers of those of them that ask who has read them."""
    return await tx.column(
        Number,
        "SELECT a.item FROM announcements_announcement a JOIN item ON number = a.item"
        " WHERE asks AND open AND (item.room = ?1"
        " OR number IN (SELECT item FROM item_shown WHERE room = ?1))",
        room,
    )
