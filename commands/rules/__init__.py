"""The network's rules: shown, accepted by a word, and asked for again when they change."""

from __future__ import annotations

from commands.rules import (
    acceptance_requests,
    awaiting_entry,
    command,
    services,
    unmatched_replies,
)
from commands.rules.declaration import feature

__all__ = [
    "acceptance_requests",
    "awaiting_entry",
    "command",
    "feature",
    "services",
    "unmatched_replies",
]
