"""What the fake gateway remembers of an event that the bot sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.delivery.event_content import POLL_TYPE
from bot.types import EventId, RoomId, UserId


@dataclass(frozen=True, slots=True)
class PostedEvent:
    """An event that the bot sent or an act that it did."""

    room: RoomId
    kind: str
    content: Mapping[str, Any]
    event: EventId
    readers: frozenset[UserId] | None = None

    @property
    def state(self) -> dict[str, Any] | None:
        """The event as a state event, or None if it is none."""
        if "state_key" not in self.content:
            return None
        content = {name: value for name, value in self.content.items() if name != "state_key"}
        return {"type": self.kind, "state_key": self.content["state_key"], "content": content}

    @property
    def plain(self) -> str:
        """The plain text body."""
        return str(self.content.get("body", ""))

    @property
    def html(self) -> str:
        """The formatted body."""
        return str(self.content.get("formatted_body", ""))

    @property
    def is_poll(self) -> bool:
        """Whether this is the start of a native poll."""
        return self.kind == f"{POLL_TYPE}.start"

    @property
    def answers(self) -> list[str]:
        """The answer ids of a native poll."""
        return [a["id"] for a in self.content[f"{POLL_TYPE}.start"]["answers"]]
