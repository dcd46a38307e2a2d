"""The time bank, if a network wants one: hours given and received, confirmed by both people."""

from __future__ import annotations

from commands.timebank import confirmation, hours_command, services
from commands.timebank.declaration import feature

__all__ = ["confirmation", "feature", "hours_command", "services"]
