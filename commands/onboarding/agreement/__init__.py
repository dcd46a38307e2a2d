"""The network's rules: shown, accepted by a word, and asked for again when they change."""

from __future__ import annotations

from commands.onboarding.agreement import asking, command

__all__ = ["asking", "command"]
