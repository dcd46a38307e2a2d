"""Detects floods in a room, by the limits that the room set. Without limits nothing is counted.

It costs no transaction: the room's settings are read anyway, and buckets are in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from bot.capability.authority.permission import has_moderator_power
from bot.capability.room_policy import Policy
from bot.run.stages.limits import Buckets, RecentNotices
from bot.types import EventId, Message, RoomId, UserId

PERSON, SERVER, ROOM, MENTIONS = "flood_person", "flood_server", "flood_room", "flood_mentions"


@dataclass(frozen=True, slots=True)
class RoomFlood:
    """Too many messages. `kind` is the setting with the limit; `user` wrote the last message.

    `sender` is the bot, which acts on its own; `event` is derived from the message's id.
    """

    room: RoomId
    event: EventId
    sender: UserId
    at: datetime
    kind: str
    user: UserId
    most: int


@dataclass(slots=True)
class FloodDetector:
    """Counts messages and detects floods."""

    me: UserId
    _buckets: Buckets = field(default_factory=Buckets)
    _told: RecentNotices = field(default_factory=RecentNotices)
    _excused: RecentNotices = field(default_factory=RecentNotices)

    def detect(self, message: Message, policy: Policy) -> RoomFlood | None:
        """Return the flood of messages that this one completes, or None.

        Messages read in a catch-up, and those of moderators, never do.
        """
        if message.late or policy.is_private or policy.room is None:
            return None
        over = list(self._exceeded_limits(message, policy))
        if not over or has_moderator_power(policy.room, message.sender):
            return None
        if self._excused.contains(f"{message.room}|{message.sender}", message.at):
            return None
        kind, who = over[0]
        if not self._told.add(f"{kind}:{who}", message.at):
            return None
        event = EventId(f"flood:{message.event}")
        most = int(policy.values[kind])
        return RoomFlood(message.room, event, self.me, message.at, kind, message.sender, most)

    def _exceeded_limits(self, message: Message, policy: Policy) -> Iterator[tuple[str, str]]:
        """Yield the limits that the message exceeds, the person's own first."""
        values, room, who = policy.values, message.room, message.sender
        if (most := int(values.get(MENTIONS) or 0)) and len(message.mentions) > most:
            yield MENTIONS, f"{room}|{who}"
        server = who.partition(":")[2]
        for kind, key in ((PERSON, f"{room}|{who}"), (SERVER, f"{room}|:{server}"), (ROOM, room)):
            most = int(values.get(kind) or 0)
            if most and not self._buckets.take({f"{kind}:{key}": most}, message.at):
                yield kind, key

    def excuse(self, what: RoomFlood) -> None:
        """Stop counting the messages of a person who turned out to moderate by a role."""
        who = {SERVER: f"{what.room}|:{what.user.partition(':')[2]}", ROOM: what.room}
        self._told.remove(f"{what.kind}:{who.get(what.kind, f'{what.room}|{what.user}')}")
        self._excused.renew(f"{what.room}|{what.user}", what.at)
