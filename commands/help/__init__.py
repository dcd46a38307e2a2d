"""`!help`, `!pending` and `!cancel`: what a person can do here, what is open, and taking it
back."""

from __future__ import annotations

from commands.help import cancellation, hello, help_command, pending
from commands.help.declaration import feature

__all__ = ["cancellation", "feature", "hello", "help_command", "pending"]
