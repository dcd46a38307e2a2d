"""Invitation codes: typed to the bot in private, by a person on any homeserver."""

from __future__ import annotations

from commands.codes import (
    accounts,
    command,
    redemption,
    restored_codes,
    services,
    strangers,
)
from commands.codes.declaration import feature

__all__ = [
    "accounts",
    "command",
    "feature",
    "redemption",
    "restored_codes",
    "services",
    "strangers",
]
