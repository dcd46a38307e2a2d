"""Events: what people come together for, once or again and again."""

from __future__ import annotations

from commands.events import opening, passing, sending
from commands.events.base import feature

__all__ = ["feature", "opening", "passing", "sending"]
