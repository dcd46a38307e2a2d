"""Help rooms: for people without a verified device, where only fixed sentences are sent.

The bot encrypts to all devices of that one person there, so nothing else may ever be sent.
"""

from __future__ import annotations

from bot.capability.authority.permission import CONFIRM_DEVICE
from bot.capability.context import Context
from bot.capability.feature import Answer
from bot.conversation import distress_lines
from bot.conversation.questions.answers import is_stop
from bot.delivery.effects import Help, Leave, Say
from bot.i18n import _
from bot.lines import Line
from bot.run.duties import identity_changes
from bot.types import (
    BotInvited,
    InboundEvent,
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
from storage.database import Tx

STEPS = (
    distress_lines.self_help_line(),
    _("I can't act on what you write yet: your device is not confirmed as yours."),
    CONFIRM_DEVICE,
    _(
        "Element X: your picture, Encryption, Confirm your identity. Element: Settings, Security,"
        " Verify this session."
    ),
    _("FluffyChat: Settings, Chat backup, and there your recovery key."),
    _("Cinny: your picture, Security, Setup, Generate Key."),
    _("If another device of yours is confirmed, that one can confirm this one too."),
    _("I notice when it is done. To close this room: `!cancel`"),
)
DONE = (_("Done: your device is confirmed. You can write to me as always; I leave this room."),)
READY = _("Done: your device is confirmed. You can write to me from it now.")
PRESENT = (Membership.JOIN, Membership.INVITE)


async def help_steps(tx: Tx, person: UserId) -> tuple[Line, ...]:
    """Return the lines that tell a person in their help room how to verify their device or confirm
    their identity."""
    doubted = await identities.waiting_identity(tx, person) is not None
    return identity_changes.confirmation_steps(person) if doubted else STEPS


async def answer_help_event(
    ctx: Context, what: InboundEvent, person: UserId, *, first: bool
) -> Answer:
    """Return what to do after any event in a help room, where unsigned devices can read the bot: to
    a message the steps by which its sender signs their device, if it is the `first` in ten
    minutes; or to leave, once they signed it, wrote stop, or are not alone with the bot."""
    if isinstance(what, MembershipChanged):
        return await _answer_membership(ctx, what, person)
    if isinstance(what, BotInvited | RoomUpgraded) or not await _is_for_two(ctx, what.room, person):
        return await _leave(ctx, what.room, person)
    if isinstance(what, Message):
        if await _shows_the_end(ctx, what):
            return await close_help_room(ctx.db, what.room, person)
        if is_stop(what.text.lstrip("!！ ")):
            return await _leave(ctx, what.room, person)
    if isinstance(what, Message | UndecryptedMessage) and first:
        return Help(person, await help_steps(ctx.db, person), what.room)
    return None


async def _shows_the_end(ctx: Context, message: Message) -> bool:
    known = await identity_changes.with_current_trust(ctx.db, message)
    ends = await help_rooms.closed_by_signed(ctx.db, message.sender)
    return known.trust is Trust.SIGNED and ends == message.room


async def close_help_room(tx: Tx, room: RoomId, person: UserId) -> Answer:
    """Leave a help room whose person has verified their device, telling them so if they are there.
    Return what to say, if anything."""
    await outbox_entries.delete_room(tx, room)
    await help_rooms.mark_closed(tx, person)
    if await rooms.membership(tx, room, person) is Membership.JOIN:
        return [Help(person, DONE, room), Leave(room)]
    return Leave(room)


async def answer_verified_device(ctx: Context, person: UserId) -> Answer:
    """Answer a device that was verified just now: close its person's help room, or tell a person
    who was refused before. Return what to say, if anything."""
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
