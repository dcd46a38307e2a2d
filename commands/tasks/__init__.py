"""Tasks: who does what by when; and calls for action, which count how many people took part."""

from __future__ import annotations

from commands.tasks import (
    calls_for_action,
    completion,
    departure,
    newcomer_summary,
    restored_actions,
    services,
    task_command,
    task_lists,
    task_reminders,
)
from commands.tasks.declaration import feature

__all__ = [
    "calls_for_action",
    "completion",
    "departure",
    "feature",
    "newcomer_summary",
    "restored_actions",
    "services",
    "task_command",
    "task_lists",
    "task_reminders",
]

COMMAND_ORDER = ("task", "tasks", "done", "action")
"""Order of the commands in the help, the most needed first."""
feature.commands.sort(key=lambda command: COMMAND_ORDER.index(command.name.en))
