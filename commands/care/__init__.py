"""Moderation and care: private words, sanctions, incidents, appeals, floods, shared ban lists."""

from __future__ import annotations

from commands.care import (
    announcing,
    command,
    doing,
    floods,
    incidents,
    lifting,
    lists,
    restoring,
    serving,
    settling,
    taking_back,
    waves,
)
from commands.care.base import feature

__all__ = [
    "announcing",
    "command",
    "doing",
    "feature",
    "floods",
    "incidents",
    "lifting",
    "lists",
    "restoring",
    "serving",
    "settling",
    "taking_back",
    "waves",
]
