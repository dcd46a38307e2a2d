"""People put each other's words into the languages of the network: offered, accepted, shown."""

from __future__ import annotations

from commands.translations import acceptance, command, personal_data
from commands.translations.declaration import feature

__all__ = ["acceptance", "command", "feature", "personal_data"]
