"""Help rooms: for people without a verified device, where only fixed sentences are sent.

The bot encrypts to all devices of that one person there, so nothing else may ever be sent.
"""

from __future__ import annotations

from bot.capability.context import Context
from bot.capability.feature import Answer
from bot.conversation import distress_answers
from bot.conversation.answers import is_stop
from bot.delivery.effects import Help, Leave, Say
from bot.gateway import Gateway
from bot.i18n import _
from bot.run import identity_changes
from bot.types import (
    Happening,
    Invited,
    Line,
    Membership,
    Message,
    Moved,
    RoomId,
    Trust,
    Unreadable,
    Upgraded,
    UserId,
)
from storage import help_rooms, identities, outbox_entries, rooms
from storage.database import Database, Tx
from storage.outbox_entries import Letter

STEPS = (
    distress_answers.by_yourself(),
    _("I can't act on what you write yet: your device is not confirmed as yours."),
    _("Two taps in your app: Settings, then Security or Encryption. There, confirm this device."),
    _(
        "Element X: your picture, Encryption, Confirm your identity. Element: Settings, Security,"
        " Verify this session."
    ),
    _("FluffyChat: Settings, Chat backup, and there your recovery key."),
    _("I notice when it is done. To close this room: `!cancel`"),
)
DONE = (_("Done: your device is confirmed. You can write to me as always; I leave this room."),)
READY = _("Done: your device is confirmed. You can write to me from it now.")
THERE = (Membership.JOIN, Membership.INVITE)


async def steps(tx: Tx, person: UserId) -> tuple[Line, ...]:
    """Return what this person is told in their help room."""
    doubted = await identities.waiting(tx, person) is not None
    return identity_changes.steps(person) if doubted else STEPS


async def make(db: Database, gateway: Gateway, letter: Letter) -> None:
    """Create the help room that an entry asks for, unless the person has a signed device by now.

    Its messages wait in the outbox until the person has joined.
    """
    person, now = UserId(letter.payload["person"]), letter.written
    async with db.reading() as tx:
        due = await help_rooms.due(tx, person, now)
        doubted = await identities.waiting(tx, person) is not None
    if not due or (not doubted and await gateway.confirmed(person)):
        return
    room = await gateway.make_private_room(person, letter.alias)
    async with db.transaction() as tx:
        await rooms.enter(tx, room, now)
        await help_rooms.opened(tx, room, person, now)
        await outbox_entries.put(
            tx,
            room=room,
            person=None,
            kind="event",
            payload=letter.payload["first"],
            device=letter.device,
            at=now,
        )


async def heard(ctx: Context, what: Happening, person: UserId, *, first: bool) -> Answer:
    """Answer any event in a help room. `first`: it was not answered in the last ten minutes."""
    if isinstance(what, Moved):
        return await _moved(ctx, what, person)
    if isinstance(what, Invited | Upgraded) or not await _for_two(ctx, what.room, person):
        return await _leave(ctx, what.room, person)
    if isinstance(what, Message):
        if (await identity_changes.judged(ctx.db, what)).trust is Trust.SIGNED:
            return await end(ctx.db, what.room, person)
        if is_stop(what.text.lstrip("!！ ")):
            return await _leave(ctx, what.room, person)
    if isinstance(what, Message | Unreadable) and first:
        return Help(person, await steps(ctx.db, person), what.room)
    return None


async def end(tx: Tx, room: RoomId, person: UserId) -> Answer:
    """The device is verified: say so if the person is there, and leave."""
    await outbox_entries.drop_room(tx, room)
    await help_rooms.closed(tx, person)
    if await rooms.membership(tx, room, person) is Membership.JOIN:
        return [Help(person, DONE, room), Leave(room)]
    return Leave(room)


async def confirmed(ctx: Context, person: UserId) -> Answer:
    """Answer a newly verified device: end the help room, or tell the person who was waiting."""
    room = await help_rooms.open_for(ctx.db, person)
    waited = await help_rooms.waited(ctx.db, person)
    if room is not None:
        return await end(ctx.db, room, person)
    return Say((READY,), to=person, loud=True) if waited else None


async def _moved(ctx: Context, what: Moved, person: UserId) -> Answer:
    if what.user == ctx.me:
        if what.now not in THERE:
            await outbox_entries.drop_room(ctx.db, what.room)
            await help_rooms.closed(ctx.db, person)
        return None
    if what.user == person:
        return None if what.now in THERE else await _leave(ctx, what.room, person)
    return await _leave(ctx, what.room, person) if what.now in THERE else None


async def _leave(ctx: Context, room: RoomId, person: UserId) -> Answer:
    """Leave the help room without a message."""
    await outbox_entries.drop_room(ctx.db, room)
    await help_rooms.closed(ctx.db, person)
    return Leave(room)


async def _for_two(ctx: Context, room: RoomId, person: UserId) -> bool:
    return set(await rooms.members(ctx.db, room, *THERE)) <= {ctx.me, person}
