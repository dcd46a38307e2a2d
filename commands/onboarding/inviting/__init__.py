"""Invitations: up to 300 people into all rooms of an area, with a result for each."""

from __future__ import annotations

from commands.onboarding.inviting import arrival, command, steps

__all__ = ["arrival", "command", "steps"]
