"""Meetings: minutes of marked lines, an agenda with times, a queue of speakers, shows of hands."""

from __future__ import annotations

from commands.meetings import (
    agenda,
    closing,
    correcting,
    floor,
    forgotten,
    hands,
    noting,
    running,
    serving,
    summing,
)
from commands.meetings.base import feature

__all__ = [
    "agenda",
    "closing",
    "correcting",
    "feature",
    "floor",
    "forgotten",
    "hands",
    "noting",
    "running",
    "serving",
    "summing",
]

ORDER = ("meeting", "topic", "hand", "hands")
"""Commands in the order of their importance."""
feature.commands.sort(key=lambda command: ORDER.index(command.name.en))
