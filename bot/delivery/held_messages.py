"""Holds back entries for people who can't read them, and offers those people help.

Who verifies a device later gets no keys of earlier messages. While a person's new identity waits to
be confirmed, everything for them alone waits too.
"""

from __future__ import annotations

from typing import Any

from bot.capability.context import Origin
from bot.conversation import help_room
from bot.delivery.effects import Help
from bot.delivery.entry_kind import PendingEntry
from bot.delivery.entry_writer import AnswerWriter
from bot.delivery.payload import MessagePayload
from bot.gateway import DeviceDirectory
from bot.types import RoomId, UserId
from storage import help_rooms, identities, outbox_entries, questions
from storage.database import Database, Tx
from storage.outbox_entries import OutboxEntry


async def hold_if_unreadable(
    db: Database, gateway: DeviceDirectory, answers: AnswerWriter, entry: PendingEntry[Any]
) -> bool:
    """Return whether an outbox entry must wait because its reader can't read it yet, and note that,
    so that they are offered help.

    Only private messages and questions in private rooms wait.
    """
    person, marked, doubted = await _private_reader(db, entry)
    if person is None:
        return False
    unread = doubted or await gateway.lacks_signed_device(person)
    if unread or marked:
        async with db.transaction() as tx:
            await _note_readability(tx, answers, person, unread=unread)
    return unread


async def was_deleted(db: Database, row: OutboxEntry) -> bool:
    """Return whether an item's private message was deleted, as it may be while its reader's devices
    are asked for."""
    if row.person is None or row.item is None:
        return False
    return await outbox_entries.get(db, row.id) is None


async def _note_readability(tx: Tx, answers: AnswerWriter, person: UserId, *, unread: bool) -> None:
    if not unread:
        await help_rooms.mark_readable(tx, person)
        return
    await help_rooms.mark_unreadable(tx, person, answers.now())
    await _offer_help(tx, answers, person)


async def _private_reader(
    db: Database, entry: PendingEntry[Any]
) -> tuple[UserId | None, bool, bool]:
    """Return who must not miss it, whether they were unable to read, and whether identity waits."""
    row, payload = entry.row, entry.payload
    is_message = isinstance(payload, MessagePayload)
    person = row.person or (payload.private_of if is_message else None)
    if person is None:
        return None, False, False
    async with db.reading() as tx:
        doubted = await identities.waiting_identity(tx, person) is not None
        waits = doubted and is_message
        if not (row.person or waits or await questions.is_question(tx, person, row.txn)):
            return None, False, False
        marked = await help_rooms.unread_since(tx, person) is not None
    return person, marked, doubted


async def _offer_help(tx: Tx, answers: AnswerWriter, person: UserId) -> None:
    """Write the help, at most once a day and not while a help room is open or on its way."""
    due = await help_rooms.may_open(tx, person, answers.now())
    if due and not await outbox_entries.has_entry_for(tx, RoomId(f"help:{person}")):
        told = Help(person, await help_room.help_steps(tx, person))
        await answers.write_answer(tx, told, Origin(RoomId("")), answers.now())
