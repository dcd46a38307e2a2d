"""How the bot says in a room what it is, on the day that it arrives, and a poster for the wall."""

from __future__ import annotations

from commands.introduction import command
from commands.introduction.declaration import feature

__all__ = ["command", "feature"]
