"""What is being run, so that it can be run again when what it asked is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from bot.types import Number


@dataclass(frozen=True, slots=True)
class Road:
    """A typed command; a reply to `item`; `message`, heard by a capability; or a dialogue."""

    kind: Literal["command", "reply", "listens", "dialogue"] = "command"
    item: Number | None = None
    text: str = ""
    message: Mapping[str, Any] | None = None
    dialogue: int | None = None

    @classmethod
    def of(cls, data: Mapping[str, Any] | None) -> Road:
        """As a question keeps it; questions older than roads continue commands."""
        return cls(**data) if data else cls()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
