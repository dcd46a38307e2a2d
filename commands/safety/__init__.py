"""Safety check-ins: say by when you are back; without word by then your contacts are told."""

from __future__ import annotations

from commands.safety import answering, leaving, ringing, serving
from commands.safety.base import feature

__all__ = ["answering", "feature", "leaving", "ringing", "serving"]
