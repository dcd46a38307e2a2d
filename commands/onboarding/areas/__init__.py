"""Areas: named sets of rooms, put together by the rooms' moderators."""

from __future__ import annotations

from commands.onboarding.areas import command, departure

__all__ = ["command", "departure"]
