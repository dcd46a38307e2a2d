"""Embargo: something is written now, and nobody but its author sees it before its time."""

from __future__ import annotations

from commands.embargo import changed_messages, embargo_command, services
from commands.embargo.declaration import feature

__all__ = ["changed_messages", "embargo_command", "feature", "services"]
