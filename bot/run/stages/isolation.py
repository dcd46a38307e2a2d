"""Keeps events away from the ordinary work: in link, practice, public and other people's rooms."""

from __future__ import annotations

from typing import Any

from bot.run.practice_rooms import PRACTICE_SETTING, PracticeRooms
from bot.run.stages.deferred_events import PersonEvent
from bot.run.stages.incoming import Incoming, StageTools
from bot.types import (
    BotInvited,
    LinkMessage,
    Membership,
    MembershipChanged,
    RoomRightsChanged,
    RoomUpgraded,
)
from storage import rooms

HEARD_IN_LINK_ROOMS = (
    LinkMessage | RoomRightsChanged | MembershipChanged | RoomUpgraded | BotInvited
)
"""Only bots talk in a link room: everything else there is conversation that nobody answers."""


class Isolation:
    """The stage that decides whether an event is left alone where it happened."""

    def __init__(self, tools: StageTools, practice: PracticeRooms) -> None:
        self._tools = tools
        self._practice = practice

    async def keep_apart(self, incoming: Incoming) -> Incoming | None:
        """Pass on the events that the bot answers where they happened; return None for the others.

        Those are conversation in a room of linked bots, what somebody else does in a person's
        private room, everything in a practice room, whose own bot gets it, and everything in a
        public room.
        """
        event, policy = incoming.event, incoming.policy
        if policy.person not in (None, event.sender):
            self._tools.drop(incoming)
            return None
        if await self.keep_from_bots(incoming) is None:
            return None
        if policy.values.get(PRACTICE_SETTING) != "yes":
            return incoming
        self._tools.drop(incoming)
        if isinstance(event, PersonEvent):
            self._practice.add_event(event)
        return None

    async def keep_from_bots(self, incoming: Incoming) -> Incoming | None:
        """Drop conversation in a room of linked bots, and in a public room all but the bot's own
        removal. Pass on the rest: return it, else None."""
        room = incoming.policy.room
        if room is None or not (room.is_public or room.kind == rooms.LINK_ROOM_TYPE):
            return incoming
        if self._is_our_end(incoming.event) if room.is_public else self._is_heard(incoming.event):
            return incoming
        self._tools.drop(incoming)
        return None

    def _is_heard(self, event: Any) -> bool:
        return isinstance(event, HEARD_IN_LINK_ROOMS)

    def _is_our_end(self, event: Any) -> bool:
        """Return whether the event says that we are not in the room any more."""
        return (
            isinstance(event, MembershipChanged)
            and event.user == self._tools.env.me
            and event.after in (Membership.LEAVE, Membership.BAN)
        )
