"""Arrival: a room's welcome, a summary in private, and somebody who accompanies newcomers."""

from __future__ import annotations

from commands.welcome import (
    command,
    companions,
    entry,
    first_lines,
    services,
    summary_delivery,
)
from commands.welcome.declaration import feature

__all__ = [
    "command",
    "companions",
    "entry",
    "feature",
    "first_lines",
    "services",
    "summary_delivery",
]
