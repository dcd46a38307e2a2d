"""`!help`, `!pending`, `!cancel`, `!take on`: what one can do here, and acting on a number."""

from __future__ import annotations

from commands.help import cancellation, first_words, hello, help_command, pending, taking_on
from commands.help.declaration import feature

__all__ = [
    "cancellation",
    "feature",
    "first_words",
    "hello",
    "help_command",
    "pending",
    "taking_on",
]
