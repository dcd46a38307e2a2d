"""What one or several syncs brought, until it is handled."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.matrix.fields import as_mapping, event_list, room_sections
from bot.matrix.sync.gap_fill import MessageClock
from bot.types import EventId, RoomId
from storage import sync


@dataclass(slots=True)
class SyncBatch:
    """What one or several sync answers brought, and the tasks that handle it."""

    since: str
    token: str
    answered: datetime
    when: MessageClock
    answers: list[Mapping[str, Any]]
    work: list[asyncio.Task[None]] = field(default_factory=list)
    unmarked: list[EventId] = field(default_factory=list)
    newest: sync.NewestEvent | None = None
    settled: asyncio.Event = field(default_factory=asyncio.Event)
    held: int = 0
    """How many events are counted as unfinished."""
    _sections: dict[str, list[tuple[RoomId, Mapping[str, Any]]]] = field(default_factory=dict)

    def sections(self, kind: str) -> list[tuple[RoomId, Mapping[str, Any]]]:
        """Return what was said of the rooms of a kind: `join`, `invite` or `leave`. Read once."""
        if kind not in self._sections:
            told = (as_mapping(answer.get("rooms")).get(kind) for answer in self.answers)
            self._sections[kind] = [found for rooms in told for found in room_sections(rooms)]
        return self._sections[kind]

    def hand_over(self, *kinds: str) -> list[deque[tuple[RoomId, Mapping[str, Any]]]]:
        """Return what was said of the rooms of these kinds, and keep nothing of it here: whoever
        handles a room drops it."""
        told = (len(event_list(s.get("timeline"))) for _, s in self.sections("join"))
        self.held = 1 + sum(told)
        found = [deque(self.sections(kind)) for kind in kinds]
        self.answers.clear()
        self._sections.clear()
        return found
