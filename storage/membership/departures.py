"""People who left a room of their own will and were not removed since.

They may still take back what is theirs there. Only the server's state counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.types import Membership, RoomId, UserId
from storage.database import Tx


async def note_departures(tx: Tx, room: RoomId, events: Iterable[Mapping[str, Any]]) -> None:
    """Store who left, before these state events are applied.

    Somebody removed can knock and withdraw it, which looks like leaving, so only leaving after
    having joined counts. Repeated events change nothing.
    """
    for event in events:
        person, content = event.get("state_key"), event.get("content")
        if event.get("type") != "m.room.member" or not isinstance(person, str):
            continue
        if not isinstance(content, Mapping):
            continue
        left = membership_in(content) == Membership.LEAVE and event.get("sender") == person
        before = await _before(tx, room, event, person) if left else None
        if before == Membership.JOIN:
            await tx.run("INSERT OR IGNORE INTO parted VALUES (?, ?)", room, person)
        elif not left:
            await tx.run("DELETE FROM parted WHERE room = ? AND person = ?", room, person)


async def _before(tx: Tx, room: RoomId, event: Mapping[str, Any], person: str) -> str:
    """Return the previous membership by the server, else as stored."""
    unsigned = event.get("unsigned")
    content = unsigned.get("prev_content") if isinstance(unsigned, Mapping) else None
    if isinstance(content, Mapping):
        return membership_in(content)
    row = await tx.one("SELECT membership FROM member WHERE room = ? AND person = ?", room, person)
    return str(row["membership"]) if row else Membership.LEAVE


def membership_in(content: Mapping[str, Any]) -> str:
    """Return the membership in a state event's content."""
    value = content.get("membership")
    known = isinstance(value, str) and value in Membership._value2member_map_
    return str(value) if known else Membership.LEAVE


async def has_left_willingly(tx: Tx, room: RoomId, person: UserId) -> bool:
    """Return whether the person left the room of their own will and was not removed since."""
    query = "SELECT 1 FROM parted WHERE room = ? AND person = ?"
    return await tx.exists(query, room, person)


async def is_unknown(tx: Tx, room: RoomId, person: UserId) -> bool:
    """Return whether nothing is stored about the person in this room."""
    row = await tx.one("SELECT 1 FROM member WHERE room = ? AND person = ?", room, person)
    return row is None


async def copy_departures(tx: Tx, old: RoomId, new: RoomId) -> None:
    """Store for a room that replaced another who had left the old one of their own will. The rows
    of the old room stay."""
    await tx.run(
        "INSERT OR IGNORE INTO parted SELECT ?, person FROM parted WHERE room = ?", new, old
    )


async def delete_departed(tx: Tx) -> None:
    """Delete the rows of people who left a room.

    Of a room that replaced another, those still joined to the other one stay: without the row they
    would count as present.
    """
    await tx.run(
        "DELETE FROM member WHERE membership = 'leave' AND NOT EXISTS (SELECT 1 FROM room"
        " JOIN member before ON before.room = room.predecessor AND before.membership = 'join'"
        " WHERE room.room = member.room AND before.person = member.person)"
    )


async def delete_unneeded(tx: Tx) -> None:
    """Delete the record of departures of people who have no items left in the room."""
    await tx.run(
        "DELETE FROM parted WHERE NOT EXISTS (SELECT 1 FROM item WHERE"
        " item.room = parted.room AND item.author = parted.person)"
    )
