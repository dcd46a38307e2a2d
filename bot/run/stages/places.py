"""Whose an event is to handle, by its room: this bot's, another bot's of the network, or nobody's.

With the event's type this decides which stages it goes through.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum, auto

from bot.run.practice_rooms import PRACTICE_SETTING
from bot.run.stages.deferred_events import PersonEvent
from bot.run.stages.incoming import Incoming
from bot.run.stages.signals import Listenable
from bot.types import (
    HANDOVER_TYPE,
    BotInvited,
    LinkMessage,
    Membership,
    MembershipChanged,
    RoomId,
    RoomRightsChanged,
    RoomUpgraded,
    UserId,
)
from storage import rooms
from storage.database import Database
from storage.membership.room import Room
from storage.sections import handovers
from storage.sections.handovers import Handover

HEARD_IN_LINK_ROOMS = (
    LinkMessage | RoomRightsChanged | MembershipChanged | RoomUpgraded | BotInvited
)
"""Only bots talk in a link room: everything else there is conversation that nobody answers."""


class Place(Enum):
    """Where an event happened, by who handles it there."""

    OURS = auto()
    """This bot, as the event's type demands."""
    HELP = auto()
    """This bot, with fixed sentences: a message in a help room."""
    HANDED_OVER = auto()
    """Another bot of the network, to which the room goes or from which it comes."""
    PRACTICE = auto()
    """The practice room's own bot."""
    NOBODYS = auto()
    """Nobody: conversation in a room of linked bots, what somebody else does in a person's private
    room, and everything in a public room but the bot's own removal."""


class Places:
    """Finds out where an event happened."""

    def __init__(self, db: Database, me: UserId) -> None:
        self._db = db
        self._me = me
        self._idle_rooms: set[RoomId] | None = None
        """Rooms that another bot of the network has or gets; None: not read yet."""

    async def find(self, incoming: Incoming) -> tuple[Place, Incoming]:
        """Return where the event happened, and the event with its room's handover if there is
        one."""
        what = incoming.event
        if incoming.helped is not None:
            return Place.HELP, incoming
        handover = await self._find_handover(what.room)
        if handover is not None or (isinstance(what, LinkMessage) and what.type == HANDOVER_TYPE):
            return Place.HANDED_OVER, replace(incoming, handover=handover)
        return self._place_of(incoming), incoming

    def _place_of(self, incoming: Incoming) -> Place:
        what, policy = incoming.event, incoming.policy
        if policy.room is not None and not self._is_heard(incoming, policy.room):
            return Place.NOBODYS
        if not isinstance(what, PersonEvent | Listenable):
            return Place.OURS
        if policy.person not in (None, what.sender):
            return Place.NOBODYS
        return Place.PRACTICE if policy.values.get(PRACTICE_SETTING) == "yes" else Place.OURS

    def _is_heard(self, incoming: Incoming, room: Room) -> bool:
        """Return whether such an event is heard in this kind of room."""
        what = incoming.event
        if room.is_public:
            gone = (Membership.LEAVE, Membership.BAN)
            ours = isinstance(what, MembershipChanged) and what.user == self._me
            return ours and what.after in gone
        return room.kind != rooms.LINK_ROOM_TYPE or isinstance(what, HEARD_IN_LINK_ROOMS)

    async def _find_handover(self, room: RoomId) -> Handover | None:
        """Return with which section the room goes. In memory, because every event asks; a room is
        handed over only by a bot that is stopped, so none is added."""
        if self._idle_rooms is None:
            async with self._db.reading() as tx:
                self._idle_rooms = set(await handovers.idle_rooms(tx))
        if room not in self._idle_rooms:
            return None
        async with self._db.reading() as tx:
            found = await handovers.of_room(tx, room)
        if found is None:
            self._idle_rooms.discard(room)
        return found
