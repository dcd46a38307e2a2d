"""Where to resume a handler when its question is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from bot.types import Number


@dataclass(frozen=True, slots=True)
class ResumePoint:
    """The handler to run again: a command, a reply to `item`, a listener of `message`, or a
    dialogue.
    """

    kind: Literal["command", "reply", "listens", "dialogue"] = "command"
    item: Number | None = None
    text: str = ""
    message: Mapping[str, Any] | None = None
    dialogue: int | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> ResumePoint:
        """Return the resume point stored with a question. Without a stored value, it is a
        command's."""
        return cls(**data) if data else cls()

    def to_json(self) -> dict[str, Any]:
        """Return the resume point as JSON, to be stored with a question."""
        return asdict(self)
