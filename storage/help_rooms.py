"""Rooms made to help one person who has no confirmed device. The mark of such a room is for ever.

Facts: `help:<room>` is whose it is, `helping:<person>` the room that is open, `helped:<person>`
when the last one was made. `unread:<person>`: since when what is for them waits, as they can read
none of it. `unsure:<person>`: they were told of a device that is not confirmed.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.types import RoomId, UserId
from storage import settings
from storage.database import Tx

EVERY = timedelta(hours=24)


async def person_of(tx: Tx, room: RoomId) -> UserId | None:
    """Whom the room is made to help; None in every other room."""
    found = await settings.fact(tx, f"help:{room}")
    return UserId(found) if found else None


async def open_for(tx: Tx, person: UserId) -> RoomId | None:
    """The help room in which the person is being helped now."""
    found = await settings.fact(tx, f"helping:{person}")
    return RoomId(found) if found else None


async def due(tx: Tx, person: UserId, now: datetime) -> bool:
    """May one be made? None is open, and none was made within a day."""
    if await open_for(tx, person):
        return False
    last = await settings.fact(tx, f"helped:{person}")
    return last is None or now.timestamp() - float(last) >= EVERY.total_seconds()


async def opened(tx: Tx, room: RoomId, person: UserId, now: datetime) -> None:
    await settings.set_fact(tx, f"help:{room}", person)
    await settings.set_fact(tx, f"helping:{person}", room)
    await settings.set_fact(tx, f"helped:{person}", str(now.timestamp()))


async def closed(tx: Tx, person: UserId) -> None:
    """The help has ended; the room keeps its mark, so that nothing else is ever said there."""
    await settings.drop_fact(tx, f"helping:{person}")


async def cannot_read(tx: Tx, person: UserId, now: datetime) -> None:
    """They have no confirmed device; the first time we saw it counts."""
    if await unread_since(tx, person) is None:
        await settings.set_fact(tx, f"unread:{person}", str(now.timestamp()))


async def unread_since(tx: Tx, person: UserId) -> datetime | None:
    """Since when the person can read nothing of ours, if that is so."""
    found = await settings.fact(tx, f"unread:{person}")
    return datetime.fromtimestamp(float(found), UTC) if found else None


async def reads(tx: Tx, person: UserId) -> None:
    await settings.drop_fact(tx, f"unread:{person}")


async def told_of_device(tx: Tx, person: UserId) -> None:
    """They heard that a device is not confirmed: when it is, they hear that too."""
    await settings.set_fact(tx, f"unsure:{person}", "yes")


async def waited(tx: Tx, person: UserId) -> bool:
    """Were they told that a device is not confirmed, or could they read nothing? Not any more."""
    told = await settings.fact(tx, f"unsure:{person}") is not None
    unread = await unread_since(tx, person) is not None
    await settings.drop_fact(tx, f"unsure:{person}")
    await reads(tx, person)
    return told or unread
