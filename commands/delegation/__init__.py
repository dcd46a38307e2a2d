"""People give their vote to somebody they trust, until a day, for one decision or one theme."""

from __future__ import annotations

from commands.delegation import acceptance, command, departures, personal_data
from commands.delegation.declaration import feature

__all__ = ["acceptance", "command", "departures", "feature", "personal_data"]
