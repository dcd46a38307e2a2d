"""Help rooms, for people without a verified device. A help room stays one for ever.

Facts: `help:<room>` is its person, `helping:<person>` the open room, `helped:<person>` the time of
the last one. `unread:<person>`: since when the person can read nothing. `unsure:<person>`: they
were told that a device is not verified.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.types import RoomId, UserId
from storage import settings
from storage.database import Tx

INTERVAL = timedelta(hours=24)


async def person_of(tx: Tx, room: RoomId) -> UserId | None:
    """Return the person of a help room, or None for other rooms."""
    found = await settings.get_fact(tx, f"help:{room}")
    return UserId(found) if found else None


async def open_for(tx: Tx, person: UserId) -> RoomId | None:
    """Return the person's open help room, or None."""
    found = await settings.get_fact(tx, f"helping:{person}")
    return RoomId(found) if found else None


async def may_open(tx: Tx, person: UserId, now: datetime) -> bool:
    """Return whether a help room may be opened: none is, and none was within a day."""
    if await open_for(tx, person):
        return False
    last = await settings.get_fact(tx, f"helped:{person}")
    return last is None or now.timestamp() - float(last) >= INTERVAL.total_seconds()


async def mark_open(tx: Tx, room: RoomId, person: UserId, now: datetime) -> None:
    """Store that a help room was opened."""
    await settings.set_fact(tx, f"help:{room}", person)
    await settings.set_fact(tx, f"helping:{person}", room)
    await settings.set_fact(tx, f"helped:{person}", str(now.timestamp()))


async def mark_closed(tx: Tx, person: UserId) -> None:
    """Store that the help has ended. The room stays marked as a help room."""
    await settings.drop_fact(tx, f"helping:{person}")


async def mark_unreadable(tx: Tx, person: UserId, now: datetime) -> None:
    """Store since when the person can read nothing; the first time counts."""
    if await unread_since(tx, person) is None:
        await settings.set_fact(tx, f"unread:{person}", str(now.timestamp()))


async def unread_since(tx: Tx, person: UserId) -> datetime | None:
    """Return since when the person can read nothing, or None."""
    found = await settings.get_fact(tx, f"unread:{person}")
    return datetime.fromtimestamp(float(found), UTC) if found else None


async def mark_readable(tx: Tx, person: UserId) -> None:
    """Store that the person can read messages again."""
    await settings.drop_fact(tx, f"unread:{person}")


async def mark_told_of_device(tx: Tx, person: UserId) -> None:
    """Store that the person was told of an unverified device."""
    await settings.set_fact(tx, f"unsure:{person}", "yes")


async def take_waiting(tx: Tx, person: UserId) -> bool:
    """Return whether the person had an unverified device or could not read, and reset it."""
    told = await settings.get_fact(tx, f"unsure:{person}") is not None
    unread = await unread_since(tx, person) is not None
    await settings.drop_fact(tx, f"unsure:{person}")
    await mark_readable(tx, person)
    return told or unread
