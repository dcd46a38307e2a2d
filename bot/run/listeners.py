"""Handles events that are neither addressed to the bot nor about an item of ours."""

from __future__ import annotations

from typing import Any

from bot.capability.context import Context
from bot.capability.feature import Answer, Handler
from bot.capability.registry import Registry
from bot.conversation import help_room
from bot.delivery.effects import Say
from bot.i18n import _
from bot.run import bot_membership, identity_changes, room_moves
from bot.run.flood_detection import Flooded
from bot.run.limits import Limits
from bot.types import (
    Confirmed,
    Foreign,
    Gap,
    Happening,
    Invited,
    Message,
    Moved,
    NewIdentity,
    OldIdentity,
    Reaction,
    Unreadable,
    Upgraded,
)
from storage import help_rooms, identities
from storage.rooms import LINK

Other = (
    Invited | Moved | Upgraded | NewIdentity | OldIdentity | Confirmed | Unreadable | Gap | Message
)
"""Events that need neither a command nor an item. A message among them is in a help room."""


class Listening:
    """Runs the core's own reaction to such events and then the capabilities' listeners."""

    def __init__(self, registry: Registry, limits: Limits) -> None:
        self._registry = registry
        self._limits = limits

    async def happened(self, ctx: Context, what: Other) -> Answer:
        """Return the core's answer and those of the listening capabilities."""
        own: Answer = None
        if (person := await help_rooms.person_of(ctx.db, what.room)) is not None:
            first = self._limits.first_telling(f"help:{person}", what.at)
            return await help_room.heard(ctx, what, person, first=first)
        here = ctx.policy.room
        if isinstance(what, Unreadable | Gap) and here is not None and here.kind == LINK:
            return None  # link bots request missing messages themselves
        if isinstance(what, Invited):
            own = await bot_membership.invited(ctx, what)
        elif isinstance(what, Moved):
            own = await bot_membership.moved(ctx, what)
        elif isinstance(what, Upgraded):
            own = await room_moves.upgraded(ctx, what)
        elif isinstance(what, NewIdentity):
            await identity_changes.begins(ctx, what)
        elif isinstance(what, OldIdentity) and what.back:
            await identities.old_one_back(ctx.db, what.sender)
        elif isinstance(what, Confirmed):
            own = await help_room.confirmed(ctx, what.sender)
        elif isinstance(what, Unreadable):
            return self._unread(ctx, what)
        elif isinstance(what, Gap):
            return Say((_("I was away too long and could not read all that was written here."),))
        hooks = self._registry.hooks(type(what))
        return [*_flat(own), *await self.told(ctx, what, hooks)]

    async def told(
        self, ctx: Context, what: Happening | Flooded, hooks: list[tuple[str, Handler]]
    ) -> list[Any]:
        """Return the answers of all listeners. In help rooms there are none.

        In link rooms only listeners of `LinkMessage` run, because only bots come and go there.
        """
        every: list[Any] = []
        if await help_rooms.person_of(ctx.db, ctx.room):
            return every
        if isinstance(what, Reaction) and await identities.waiting(ctx.db, what.sender):
            return every  # redactions count for everybody, reactions do not
        if ctx.policy.room is not None and ctx.policy.room.kind == LINK:
            between = {name for name, _hook in self._registry.hooks(Foreign)}
            hooks = [one for one in hooks if one[0] in between]
        for feature, hook in hooks:
            ctx.feature = feature
            every += _flat(await hook(ctx, what))
        return every

    def _unread(self, ctx: Context, what: Unreadable) -> Answer:
        """Tell a person that a message was unreadable, at most once in ten minutes by our clock."""
        if not self._limits.first_telling(f"unread:{what.sender}", ctx.read):
            return None
        if what.withheld:
            return (
                _("I couldn't read this: your app keeps its keys from me, as nobody verified me."),
                _("In its settings, allow devices that you have not verified, and write it again."),
            )
        return _("I couldn't read this message. If it was for me, please write it again.")


def _flat(answer: Answer) -> list[Any]:
    if answer is None:
        return []
    if isinstance(answer, tuple | list):
        return list(answer)
    return [answer]
