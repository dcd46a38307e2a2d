"""Events: what people come together for, once or again and again."""

from __future__ import annotations

from commands.events import (
    agenda,
    cancelling,
    editing,
    moving,
    opening,
    passing,
    places,
    sending,
    serving,
)
from commands.events.base import feature

__all__ = [
    "agenda",
    "cancelling",
    "editing",
    "feature",
    "moving",
    "opening",
    "passing",
    "places",
    "sending",
    "serving",
]
