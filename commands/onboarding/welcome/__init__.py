"""Arrival: a room's welcome in the room, and a summary for each newcomer in private."""

from __future__ import annotations

from commands.onboarding.welcome import command, entering, telling

__all__ = ["command", "entering", "telling"]
