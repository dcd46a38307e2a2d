"""Reminders of events, and each person's choices about them."""

from __future__ import annotations

from commands.event_reminders import delivery, preferences
from commands.event_reminders.declaration import feature

__all__ = ["delivery", "feature", "preferences"]

COMMAND_ORDER = ("no alerts", "alerts", "quiet hours")
"""The commands in the order in which the help lists them."""
feature.commands.sort(key=lambda command: COMMAND_ORDER.index(command.name.en))
