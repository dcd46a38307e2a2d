"""Moderation and care: private words, sanctions, incidents, appeals, floods, shared ban lists."""

from __future__ import annotations

from commands.care import (
    announcement,
    floods,
    join_waves,
    lift_command,
    measure_commands,
    measure_end,
    measures,
    restored_mutes,
    services,
)
from commands.care.ban_lists import ban_lists_command
from commands.care.declaration import feature
from commands.care.incidents import incident_command, settlement

__all__ = [
    "announcement",
    "ban_lists_command",
    "feature",
    "floods",
    "incident_command",
    "join_waves",
    "lift_command",
    "measure_commands",
    "measure_end",
    "measures",
    "restored_mutes",
    "services",
    "settlement",
]
