"""Arrival: a room's welcome in the room, and a summary for each newcomer in private."""

from __future__ import annotations

from commands.onboarding.welcome import command, entry, summary_delivery

__all__ = ["command", "entry", "summary_delivery"]
