"""Directory of people and organisations who offered to be found, and letters to them."""

from __future__ import annotations

from commands.directory import (
    blocking,
    entering,
    finding_out,
    leaving,
    reviewing,
    serving,
    writing,
)
from commands.directory.base import feature

__all__ = [
    "blocking",
    "entering",
    "feature",
    "finding_out",
    "leaving",
    "reviewing",
    "serving",
    "writing",
]

ORDER = ("directory", "list-me", "write", "block")
"""Order of the commands in the help, the most needed first."""
feature.commands.sort(key=lambda command: ORDER.index(command.name.en))
