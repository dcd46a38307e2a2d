"""A room goes on in another one: what the machine keeps of it goes with it.

Fact `moved:<old room>`: the room in which it goes on.
"""

from __future__ import annotations

from bot.types import RoomId, UserId
from storage import finding, log, parting, rooms, sent, settings
from storage.database import Tx


async def move(tx: Tx, old: RoomId, new: RoomId) -> None:
    """Settings, items, what falls due, what can be found, open questions and the log.

    Where messages are, they stay. Letters on their way are not touched: they may have been
    accepted in the old room already. What was set in the new room holds.
    """
    await tx.run("UPDATE OR IGNORE setting SET room = ? WHERE room = ?", new, old)
    await tx.run("DELETE FROM setting WHERE room = ?", old)
    await tx.run("UPDATE item SET room = ? WHERE room = ?", new, old)
    await tx.run("UPDATE job SET room = ? WHERE room = ?", new, old)
    await finding.move(tx, old, new)
    await tx.run("UPDATE held SET room = ? WHERE room = ?", new, old)
    # A thread is the old room's, and so is a question in it.
    await tx.run(
        "UPDATE OR IGNORE question SET room = ?, event = NULL WHERE room = ? AND thread = ''",
        new,
        old,
    )
    await tx.run("DELETE FROM question WHERE room = ?", old)
    await log.move(tx, old, new)
    await sent.move(tx, old, new)
    await parting.move(tx, old, new)
    await settings.set_fact(tx, f"moved:{old}", new)


async def where(tx: Tx, old: RoomId) -> RoomId | None:
    """The room in which this one goes on."""
    found = await settings.fact(tx, f"moved:{old}")
    return RoomId(found) if found else None


async def move_private(tx: Tx, old: RoomId, new: RoomId, person: UserId) -> None:
    """A person's private room goes on elsewhere."""
    await move(tx, old, new)
    await rooms.set_private(tx, old, None)
    await rooms.set_private(tx, new, person)
    await tx.run("UPDATE person SET private = ? WHERE private = ?", new, old)
