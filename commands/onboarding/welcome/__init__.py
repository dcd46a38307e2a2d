"""Coming in: the room's welcome, and what a newcomer should know, in private."""

from __future__ import annotations

from commands.onboarding.welcome import command, entering, telling

__all__ = ["command", "entering", "telling"]
