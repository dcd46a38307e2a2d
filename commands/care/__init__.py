"""Moderation and care: private words, sanctions, floods, waves of strangers."""

from __future__ import annotations

from commands.care import (
    floods,
    join_waves,
    lift_command,
    measure_commands,
    measure_end,
    measures,
    removal_advice,
    restored_mutes,
    services,
)
from commands.care.declaration import feature

__all__ = [
    "feature",
    "floods",
    "join_waves",
    "lift_command",
    "measure_commands",
    "measure_end",
    "measures",
    "removal_advice",
    "restored_mutes",
    "services",
]
