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
from bot.run.duties import identity_changes
from bot.types import (
    BotInvited,
    InboundEvent,
    Line,
    Membership,
    MembershipChanged,
    Message,
    RoomId,
    RoomUpgraded,
    Trust,
    UndecryptedMessage,
    UserId,
)
from storage import help_rooms, identities, outbox_entries, rooms
from storage.database import Database, Tx
from storage.outbox_entries import OutboxEntry

STEPS = (
    distress_answers.self_help_line(),
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
PRESENT = (Membership.JOIN, Membership.INVITE)


async def help_steps(tx: Tx, person: UserId) -> tuple[Line, ...]:
    """Return what this person is told in their help room."""
    doubted = await identities.waiting_identity(tx, person) is not None
    return identity_changes.confirmation_steps(person) if doubted else STEPS


async def open_help_room(db: Database, gateway: Gateway, letter: OutboxEntry) -> None:
    """Create the help room that an entry asks for, unless the person has a signed device by now.

    Its messages wait in the outbox until the person has joined.
    """
    person, now = UserId(letter.payload["person"]), letter.written
    async with db.reading() as tx:
        due = await help_rooms.may_open(tx, person, now)
        doubted = await identities.waiting_identity(tx, person) is not None
    if not due or (not doubted and await gateway.has_signed_device(person)):
        return
    room = await gateway.make_private_room(person, letter.alias)
    async with db.transaction() as tx:
        await rooms.mark_joined(tx, room, now)
        await help_rooms.mark_open(tx, room, person, now)
        await outbox_entries.add(
            tx,
            room=room,
            person=None,
            kind="event",
            payload=letter.payload["first"],
            device=letter.device,
            at=now,
        )


async def answer_help_event(
    ctx: Context, what: InboundEvent, person: UserId, *, first: bool
) -> Answer:
    """Answer any event in a help room. `first`: it was not answered in the last ten minutes."""
    if isinstance(what, MembershipChanged):
        return await _answer_membership(ctx, what, person)
    if isinstance(what, BotInvited | RoomUpgraded) or not await _is_for_two(ctx, what.room, person):
        return await _leave(ctx, what.room, person)
    if isinstance(what, Message):
        if (await identity_changes.with_current_trust(ctx.db, what)).trust is Trust.SIGNED:
            return await close_help_room(ctx.db, what.room, person)
        if is_stop(what.text.lstrip("!！ ")):
            return await _leave(ctx, what.room, person)
    if isinstance(what, Message | UndecryptedMessage) and first:
        return Help(person, await help_steps(ctx.db, person), what.room)
    return None


async def close_help_room(tx: Tx, room: RoomId, person: UserId) -> Answer:
    """The device is verified: say so if the person is there, and leave."""
    await outbox_entries.delete_room(tx, room)
    await help_rooms.mark_closed(tx, person)
    if await rooms.membership(tx, room, person) is Membership.JOIN:
        return [Help(person, DONE, room), Leave(room)]
    return Leave(room)


async def answer_verified_device(ctx: Context, person: UserId) -> Answer:
    """Answer a newly verified device: end the help room, or tell the person who was waiting."""
    room = await help_rooms.open_for(ctx.db, person)
    waited = await help_rooms.take_waiting(ctx.db, person)
    if room is not None:
        return await close_help_room(ctx.db, room, person)
    return Say((READY,), to=person, loud=True) if waited else None


async def _answer_membership(ctx: Context, what: MembershipChanged, person: UserId) -> Answer:
    if what.user == ctx.me:
        if what.after not in PRESENT:
            await outbox_entries.delete_room(ctx.db, what.room)
            await help_rooms.mark_closed(ctx.db, person)
        return None
    if what.user == person:
        return None if what.after in PRESENT else await _leave(ctx, what.room, person)
    return await _leave(ctx, what.room, person) if what.after in PRESENT else None


async def _leave(ctx: Context, room: RoomId, person: UserId) -> Answer:
    """Leave the help room without a message."""
    await outbox_entries.delete_room(ctx.db, room)
    await help_rooms.mark_closed(ctx.db, person)
    return Leave(room)


async def _is_for_two(ctx: Context, room: RoomId, person: UserId) -> bool:
    return set(await rooms.members(ctx.db, room, *PRESENT)) <= {ctx.me, person}
