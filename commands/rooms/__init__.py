"""Rooms: what they set and who changed what; a person's own language and clock; is the bot well."""

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
