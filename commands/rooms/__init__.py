"""Rooms: their settings and log, personal language and time zone, and the bot's own status."""

from commands.rooms import (
    bot_permissions,
    care_room,
    config_command,
    identity_changes,
    identity_confirmation,
    log_command,
    news_command,
    own_devices,
    personal_settings,
    privacy,
    set_up,
    status,
    undo_command,
)
from commands.rooms.declaration import feature

__all__ = [
    "bot_permissions",
    "care_room",
    "config_command",
    "feature",
    "identity_changes",
    "identity_confirmation",
    "log_command",
    "news_command",
    "own_devices",
    "personal_settings",
    "privacy",
    "set_up",
    "status",
    "undo_command",
]
