"""What a homeserver keeps of delayed events, for tests; `FakeGateway.delayed`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.gateway import DelayedEvent, DelayLimits, Refused, TryLater
from bot.types import EventId, RoomId, UserId

NO_ROOM = RoomId("")


@dataclass(frozen=True, slots=True)
class LeftEvent:
    """A delayed event that was left at the fake homeserver: it goes out at `at` (UTC)."""

    room: RoomId
    kind: str
    content: Mapping[str, Any]
    txn: str
    since: datetime
    at: datetime


@dataclass(slots=True)
class FakeDelayedEvents:
    """Implements `DelayedSender` in memory, beside a `FakeGateway`.

    `keeps` are its limits, None for a homeserver that keeps nothing. `left` is what lies there.
    While `trouble` is set, nothing is given back.
    """

    require_inside: Callable[[RoomId, UserId | None], None]
    post: Callable[[RoomId, str, Mapping[str, Any], str], EventId]
    now: Callable[[], datetime]
    keeps: DelayLimits | None = None
    left: dict[str, LeftEvent] = field(default_factory=dict)
    cancelled: list[str] = field(default_factory=list)
    lose_responses: bool = False
    trouble: Refused | TryLater | None = None
    _count: int = 0

    async def limits(self) -> DelayLimits | None:
        self.require_inside(NO_ROOM, None)
        return self.keeps

    async def leave(
        self,
        room: RoomId,
        kind: str,
        content: Mapping[str, Any],
        txn: str,
        delay: timedelta,
        *,
        alone: UserId,
    ) -> str:
        self.require_inside(room, alone)
        if self.keeps is None:
            raise Refused("M_FORBIDDEN")
        if delay > self.keeps.longest:
            raise Refused("ORG.MATRIX.MSC4140_DELAY_TOO_LARGE")
        self._count += 1
        found, now = f"delay-{self._count}", self.now()
        self.left[found] = LeftEvent(room, kind, dict(content), txn, now, now + delay)
        if self.lose_responses:
            raise TryLater("lost")
        return found

    async def listed(self) -> list[DelayedEvent]:
        self.require_inside(NO_ROOM, None)
        return [DelayedEvent(key, one.room, one.since, one.at) for key, one in self.left.items()]

    async def cancel(self, delay_id: str) -> bool:
        self.require_inside(NO_ROOM, None)
        if self.trouble is not None:
            raise self.trouble
        self.cancelled.append(delay_id)
        return self.left.pop(delay_id, None) is not None

    def send_due(self) -> None:
        """Send the delayed events that are due by now, whether the bot runs or not."""
        for key, one in list(self.left.items()):
            if one.at <= self.now():
                del self.left[key]
                self.post(one.room, one.kind, one.content, one.txn)
