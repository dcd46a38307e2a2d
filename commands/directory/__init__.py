"""Directory of people and organisations who offered to be found, and letters to them."""

from __future__ import annotations

from commands.directory import (
    block_command,
    directory_command,
    letters,
    list_me,
    removal,
    review,
    services,
)
from commands.directory.declaration import feature

__all__ = [
    "block_command",
    "directory_command",
    "feature",
    "letters",
    "list_me",
    "removal",
    "review",
    "services",
]

COMMAND_ORDER = ("directory", "list-me", "write", "block")
"""Order of the commands in the help, the most needed first."""
feature.commands.sort(key=lambda command: COMMAND_ORDER.index(command.name.en))
