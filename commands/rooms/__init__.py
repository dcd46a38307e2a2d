"""Rooms: their settings and log, personal language and time zone, and the bot's own status."""

from commands.rooms import (
    allowed,
    configure,
    confirmation,
    history,
    identity,
    look,
    news,
    own,
    security,
    undoing,
)
from commands.rooms.base import feature

__all__ = [
    "allowed",
    "configure",
    "confirmation",
    "feature",
    "history",
    "identity",
    "look",
    "news",
    "own",
    "security",
    "undoing",
]
