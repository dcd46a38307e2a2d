"""The network's agreement: shown, accepted by a word, and asked for again when it changes."""

from __future__ import annotations

from commands.onboarding.agreement import asking, command

__all__ = ["asking", "command"]
