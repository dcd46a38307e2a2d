"""Safety check-in: who goes somewhere risky says until when; without word by then others know."""

from __future__ import annotations

from commands.safety import answering, leaving, ringing, serving
from commands.safety.base import feature

__all__ = ["answering", "feature", "leaving", "ringing", "serving"]
