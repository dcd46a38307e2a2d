"""Detects floods in a room, by the limits that the room set. Without limits nothing is counted.

It costs no transaction: the room's settings are read anyway, and buckets are in memory.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.capability.permission import has_moderator_power
from bot.capability.room_policy import Policy
from bot.run.stages.limits import Bucket
from bot.types import EventId, Message, RoomId, UserId

PERSON, SERVER, ROOM, MENTIONS = "flood_person", "flood_server", "flood_room", "flood_mentions"
MOST_BUCKETS = 20_000
"""How many buckets are kept. The least recently used ones are full again when dropped."""
QUIET_TIME = timedelta(minutes=10)
"""How long nothing more is reported of the same flood."""


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
    _buckets: OrderedDict[str, Bucket] = field(default_factory=OrderedDict)
    _told: OrderedDict[str, datetime] = field(default_factory=OrderedDict)
    _excused: OrderedDict[str, datetime] = field(default_factory=OrderedDict)

    def detect(self, message: Message, policy: Policy) -> RoomFlood | None:
        """Return the flood that this message makes, or None.

        Messages read in a catch-up, and those of moderators, never make one.
        """
        if message.late or policy.is_private or policy.room is None:
            return None
        over = list(self._exceeded(message, policy))
        if not over or has_moderator_power(policy.room, message.sender):
            return None
        if self._is_excused(message):
            return None
        kind, who = over[0]
        if not self._may_report(f"{kind}:{who}", message.at):
            return None
        event = EventId(f"flood:{message.event}")
        most = int(policy.values[kind])
        return RoomFlood(message.room, event, self.me, message.at, kind, message.sender, most)

    def _exceeded(self, message: Message, policy: Policy) -> Iterator[tuple[str, str]]:
        """Yield the limits that the message exceeds, the person's own first."""
        values, room, who = policy.values, message.room, message.sender
        if (most := int(values.get(MENTIONS) or 0)) and len(message.mentions) > most:
            yield MENTIONS, f"{room}|{who}"
        server = who.partition(":")[2]
        for kind, key in ((PERSON, f"{room}|{who}"), (SERVER, f"{room}|:{server}"), (ROOM, room)):
            most = int(values.get(kind) or 0)
            if most and not self._take(f"{kind}:{key}", most, message.at):
                yield kind, key

    def _take(self, key: str, most: int, at: datetime) -> bool:
        bucket = self._buckets.get(key)
        if bucket is None or bucket.burst != most:
            bucket = self._buckets[key] = Bucket(most, most, most, at)
            if len(self._buckets) > MOST_BUCKETS:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(key)
        if not bucket.has_token(at):
            return False
        bucket.level -= 1
        return True

    def excuse(self, what: RoomFlood) -> None:
        """Remember that a person moderates by a role, which only the database knows."""
        who = {SERVER: f"{what.room}|:{what.user.partition(':')[2]}", ROOM: what.room}
        self._told.pop(f"{what.kind}:{who.get(what.kind, f'{what.room}|{what.user}')}", None)
        self._excused[f"{what.room}|{what.user}"] = what.at
        self._excused.move_to_end(f"{what.room}|{what.user}")
        if len(self._excused) > MOST_BUCKETS:
            self._excused.popitem(last=False)

    def _is_excused(self, message: Message) -> bool:
        since = self._excused.get(f"{message.room}|{message.sender}")
        return since is not None and message.at - since < QUIET_TIME

    def _may_report(self, key: str, at: datetime) -> bool:
        last = self._told.get(key)
        if last is not None and at - last < QUIET_TIME:
            return False
        self._told[key] = at
        self._told.move_to_end(key)
        if len(self._told) > MOST_BUCKETS:
            self._told.popitem(last=False)
        return True
