"""The network's rules: shown, accepted by a word, and asked for again when they change."""

from __future__ import annotations

from commands.onboarding.rules import acceptance_requests, command

__all__ = ["acceptance_requests", "command"]
