"""Lists of expected people: whoever is on one is let in without questions."""

from __future__ import annotations

from commands.expected_lists import (
    arrivals,
    command,
    list_end,
    services,
)
from commands.expected_lists.declaration import feature

__all__ = [
    "arrivals",
    "command",
    "feature",
    "list_end",
    "services",
]
