"""Who left a room by their own will, and was not put out of it since.

They may still take back what is theirs there. Only what the server says is believed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.types import Membership, RoomId, UserId
from storage.database import Tx


async def note(tx: Tx, room: RoomId, events: Iterable[Mapping[str, Any]]) -> None:
    """Keep who left, before the memberships in these state events are taken over.

    Who was put out may knock and take that back, which looks like leaving: it counts only from
    being joined. A state that is told a second time changes nothing.
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
    """What they were before they left: as the server says, else as we knew it."""
    unsigned = event.get("unsigned")
    content = unsigned.get("prev_content") if isinstance(unsigned, Mapping) else None
    if isinstance(content, Mapping):
        return membership_in(content)
    row = await tx.one("SELECT membership FROM member WHERE room = ? AND person = ?", room, person)
    return str(row["membership"]) if row else Membership.LEAVE


def membership_in(content: Mapping[str, Any]) -> str:
    """The membership that a state event's content gives."""
    value = content.get("membership")
    known = isinstance(value, str) and value in Membership._value2member_map_
    return str(value) if known else Membership.LEAVE


async def parted(tx: Tx, room: RoomId, person: UserId) -> bool:
    """Did this person leave by their own will, and was not put out since?"""
    query = "SELECT 1 FROM parted WHERE room = ? AND person = ?"
    return await tx.one(query, room, person) is not None


async def never_came(tx: Tx, room: RoomId, person: UserId) -> bool:
    """Does the room have nothing of them, neither that they are there nor that they were?"""
    row = await tx.one("SELECT 1 FROM member WHERE room = ? AND person = ?", room, person)
    return row is None


async def move(tx: Tx, old: RoomId, new: RoomId) -> None:
    """What is theirs goes on in the new room, and so does this."""
    await tx.run("INSERT OR IGNORE INTO parted SELECT ?, person FROM parted WHERE room = ?",
                 new, old)  # fmt: skip


async def drop_gone(tx: Tx) -> None:
    """Forget who left, but of who is still joined to the room before: they would be in by that."""
    await tx.run(
        "DELETE FROM member WHERE membership = 'leave' AND NOT EXISTS (SELECT 1 FROM room"
        " JOIN member before ON before.room = room.predecessor AND before.membership = 'join'"
        " WHERE room.room = member.room AND before.person = member.person)"
    )


async def drop_idle(tx: Tx) -> None:
    """Of whom nothing is left in the room nothing has to be known."""
    await tx.run("DELETE FROM parted WHERE NOT EXISTS (SELECT 1 FROM item WHERE"
                 " item.room = parted.room AND item.author = parted.person)")  # fmt: skip


async def forget(tx: Tx, person: UserId) -> None:
    await tx.run("DELETE FROM parted WHERE person = ?", person)
