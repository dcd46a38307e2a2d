"""Areas: named sets of rooms, which their moderators put together."""

from __future__ import annotations

from commands.onboarding.areas import command, leaving

__all__ = ["command", "leaving"]
