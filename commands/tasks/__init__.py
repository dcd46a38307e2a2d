"""Tasks: who does what by when; and calls for action, which count how many people took part."""

from __future__ import annotations

from commands.tasks import actions, doing, leaving, listing, making, ringing, serving, summing
from commands.tasks.base import feature

__all__ = [
    "actions",
    "doing",
    "feature",
    "leaving",
    "listing",
    "making",
    "ringing",
    "serving",
    "summing",
]

ORDER = ("task", "tasks", "done", "action")
"""Order of the commands in the help, the most needed first."""
feature.commands.sort(key=lambda command: ORDER.index(command.name.en))
