"""Many teams set up alike: a room each, its people invited, and how far each one is."""

from __future__ import annotations

from commands.teams import command, opening, serving, stepping
from commands.teams.base import feature

__all__ = ["command", "feature", "opening", "serving", "stepping"]
