"""Profiles: what people choose to say of themselves, and who may see it."""

from __future__ import annotations

from commands.profile import guided_setup, profile_command, services
from commands.profile.declaration import feature

__all__ = ["feature", "guided_setup", "profile_command", "services"]
