"""Handles events that are neither addressed to the bot nor about an item of ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.capability.context import Context
from bot.capability.feature import Answer, Handler
from bot.capability.registry import Registry
from bot.conversation import help_room
from bot.conversation.private_answers import answer_parts
from bot.delivery.effects import Leave, Say
from bot.i18n import _
from bot.run.duties import bot_membership, identity_changes, room_moves
from bot.run.stages.flood_detection import RoomFlood
from bot.run.stages.limits import Limits
from bot.types import (
    BotInvited,
    DeviceVerified,
    InboundEvent,
    LinkMessage,
    MembershipChanged,
    Message,
    NewIdentity,
    OldIdentity,
    Reaction,
    RoomUpgraded,
    UndecryptedMessage,
    UnfilledGap,
)
from storage import help_rooms, identities
from storage.rooms import LINK_ROOM_TYPE

UnaddressedEvent = (
    BotInvited
    | MembershipChanged
    | RoomUpgraded
    | NewIdentity
    | OldIdentity
    | DeviceVerified
    | UndecryptedMessage
    | UnfilledGap
    | Message
)
"""Events that need neither a command nor an item. A message among them is in a help room."""


class ListenerRunner:
    """Runs the core's own reaction to such events and then the capabilities' listeners."""

    def __init__(self, registry: Registry, limits: Limits) -> None:
        self._registry = registry
        self._limits = limits

    async def handle_event(self, ctx: Context, what: UnaddressedEvent) -> Answer:
        """Return the machine's own answer to an event together with those of the capabilities that
        listen."""
        own: Answer = None
        if (person := await help_rooms.person_of(ctx.db, what.room)) is not None:
            first = self._limits.may_tell(f"help:{person}", what.at)
            return await help_room.answer_help_event(ctx, what, person, first=first)
        here = ctx.policy.room
        if (
            isinstance(what, UndecryptedMessage | UnfilledGap)
            and here is not None
            and here.kind == LINK_ROOM_TYPE
        ):
            return None  # link bots request missing messages themselves
        if isinstance(what, BotInvited):
            own = await self._answer_invitation(ctx, what)
        elif isinstance(what, MembershipChanged):
            own = await bot_membership.answer_membership(ctx, what)
        elif isinstance(what, RoomUpgraded):
            own = await room_moves.follow_upgrade(ctx, what)
        elif isinstance(what, NewIdentity):
            await identity_changes.start_waiting(ctx, what)
        elif isinstance(what, OldIdentity) and what.back:
            await identities.restore_old(ctx.db, what.sender)
        elif isinstance(what, DeviceVerified):
            own = await help_room.answer_verified_device(ctx, what.sender)
        elif isinstance(what, UndecryptedMessage):
            return self._report_unreadable(ctx, what)
        elif isinstance(what, UnfilledGap):
            return Say((_("I was away too long and could not read all that was written here."),))
        listeners = self._registry.listeners(type(what))
        return [*answer_parts(own), *await self.run_listeners(ctx, what, listeners)]

    async def _answer_invitation(self, ctx: Context, what: BotInvited) -> Answer:
        """Join or decline. A room may be large, and to join and leave it is work for its server."""
        moderates = what.sender in ctx.defaults.moderators
        if not moderates and not self._limits.allows_invitation(what.sender, what.at):
            return Leave(what.room, bot_membership.TOO_OFTEN)
        return await bot_membership.answer_invitation(ctx, what)

    async def run_listeners(
        self, ctx: Context, what: InboundEvent | RoomFlood, listeners: Sequence[tuple[str, Handler]]
    ) -> list[Any]:
        """Return the answers of all capabilities that listen for this event; none in help rooms.

        In rooms of linked bots only capabilities run that listen to `LinkMessage` or need one that
        does, because only bots come and go there.
        """
        every: list[Any] = []
        if await help_rooms.person_of(ctx.db, ctx.room):
            return every
        if isinstance(what, Reaction) and await identities.waiting_identity(ctx.db, what.sender):
            return every  # redactions count for everybody, reactions do not
        if ctx.policy.room is not None and ctx.policy.room.kind == LINK_ROOM_TYPE:
            between = {name for name, _hook in self._registry.listeners(LinkMessage)}
            known = self._registry.features
            listeners = [one for one in listeners if between & {one[0], *known[one[0]].needs}]
        for feature, listener in listeners:
            ctx.feature = feature
            every += answer_parts(await listener(ctx, what))
        return every

    def _report_unreadable(self, ctx: Context, what: UndecryptedMessage) -> Answer:
        """Tell a person that a message was unreadable, at most once in ten minutes by our clock."""
        if not self._limits.may_tell(f"unread:{what.sender}", ctx.now):
            return None
        if what.withheld:
            return (
                _("I couldn't read this: your app keeps its keys from me, as nobody verified me."),
                _("In its settings, allow devices that you have not verified, and write it again."),
            )
        return _("I couldn't read this message. If it was for me, please write it again.")
