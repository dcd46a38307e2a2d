"""Invitations: up to 300 people into all rooms of an area, with a result for each."""

from __future__ import annotations

from commands.onboarding.invitations import arrival, command, wave_jobs

__all__ = ["arrival", "command", "wave_jobs"]
