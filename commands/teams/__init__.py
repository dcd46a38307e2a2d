"""Teams: open a room for each team of a list, invite its people, and track their steps."""

from __future__ import annotations

from commands.teams import command, opening, serving, stepping
from commands.teams.base import feature

__all__ = ["command", "feature", "opening", "serving", "stepping"]
