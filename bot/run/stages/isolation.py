"""Keeps events away from the bot's ordinary work: in link, practice and other people's rooms."""

from __future__ import annotations

from bot.run.practice_rooms import PRACTICE_SETTING, PracticeEvent, PracticeRooms
from bot.run.stages.incoming import Incoming, StageTools
from bot.types import BotInvited, LinkMessage, MembershipChanged, RoomRightsChanged, RoomUpgraded
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
        """Pass on what is ours to handle here.

        Not conversation in a link room, not what somebody else does in a person's private room, and
        nothing of a practice room, whose own bot gets it.
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
        if isinstance(event, PracticeEvent):
            self._practice.add_event(event)
        return None

    async def keep_from_bots(self, incoming: Incoming) -> Incoming | None:
        """Drop conversation in a link room."""
        room = incoming.policy.room
        if room is None or room.kind != rooms.LINK_ROOM_TYPE:
            return incoming
        if isinstance(incoming.event, HEARD_IN_LINK_ROOMS):
            return incoming
        self._tools.drop(incoming)
        return None
