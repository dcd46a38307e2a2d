"""Events, single ones and series: made, listed, moved, changed and cancelled."""

from __future__ import annotations

from commands.events import (
    agenda,
    cancellation,
    creation,
    date_changes,
    field_changes,
    map_points,
    replies,
    services,
)
from commands.events.declaration import feature

__all__ = [
    "agenda",
    "cancellation",
    "creation",
    "date_changes",
    "feature",
    "field_changes",
    "map_points",
    "replies",
    "services",
]

COMMAND_ORDER = ("event", "events", "move", "change")
"""The commands in the order in which the help lists them."""
feature.commands.sort(key=lambda command: COMMAND_ORDER.index(command.name.en))
