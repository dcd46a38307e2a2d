"""Holds back entries for people who can't read them, and offers those people help.

Who verifies a device later gets no keys of earlier messages. While a person's new identity waits to
be confirmed, everything for them alone waits too.
"""

from __future__ import annotations

from bot.capability.context import Origin
from bot.conversation import help_room
from bot.delivery.effects import Help
from bot.delivery.entry_writer import Desk
from bot.gateway import Gateway
from bot.types import RoomId, UserId
from storage import help_rooms, identities, outbox_entries, questions
from storage.database import Database, Tx
from storage.outbox_entries import Letter


async def holds(db: Database, gateway: Gateway, desk: Desk, letter: Letter) -> bool:
    """Return whether this entry must wait, and offer its reader help if so.

    Only private messages and questions in private rooms wait.
    """
    person, marked, doubted = await _reader(db, letter)
    if person is None:
        return False
    unread = doubted or await gateway.unread(person)
    if unread or marked:
        async with db.transaction() as tx:
            await _noted(tx, desk, person, unread=unread)
    return unread


async def _noted(tx: Tx, desk: Desk, person: UserId, *, unread: bool) -> None:
    if not unread:
        await help_rooms.reads(tx, person)
        return
    await help_rooms.cannot_read(tx, person, desk.now())
    await _helped(tx, desk, person)


async def _reader(db: Database, letter: Letter) -> tuple[UserId | None, bool, bool]:
    """Return who must not miss it, whether they were unable to read, and whether identity waits."""
    person = letter.person or letter.payload.get("private")
    if person is None:
        return None, False, False
    async with db.reading() as tx:
        doubted = await identities.waiting(tx, UserId(person)) is not None
        waits = doubted and letter.kind in ("event", "file")
        if not (letter.person or waits or await questions.asked_by(tx, person, letter.txn)):
            return None, False, False
        marked = await help_rooms.unread_since(tx, UserId(person)) is not None
    return UserId(person), marked, doubted


async def _helped(tx: Tx, desk: Desk, person: UserId) -> None:
    """Write the help, at most once a day and not while a help room is open or on its way."""
    due = await help_rooms.due(tx, person, desk.now())
    if due and not await outbox_entries.waits_in(tx, RoomId(f"help:{person}")):
        told = Help(person, await help_room.steps(tx, person))
        await desk.post(tx, told, Origin(RoomId("")), desk.now())
