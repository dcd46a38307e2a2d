"""Profiles: what people choose to say of themselves, and who may see it."""

from __future__ import annotations

from commands.profile import command, serving, steps
from commands.profile.base import feature

__all__ = ["command", "feature", "serving", "steps"]
