"""The profile: what people say of themselves, by choice, and who may see it."""

from __future__ import annotations

from commands.profile import command, serving, steps
from commands.profile.base import feature

__all__ = ["command", "feature", "serving", "steps"]
