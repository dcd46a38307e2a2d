"""Roles in a room's own words: given for a time, drawn by lot, and called by their name."""

from __future__ import annotations

from commands.roles import (
    command,
    draws,
    restored_draws,
    role_acts,
    role_calls,
    services,
    terms,
)
from commands.roles.declaration import feature

__all__ = [
    "command",
    "draws",
    "feature",
    "restored_draws",
    "role_acts",
    "role_calls",
    "services",
    "terms",
]
