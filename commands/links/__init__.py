"""Networks that share and decide together, each on its own homeserver."""

from commands.links import command, connecting, hearing, receiving, sharing
from commands.links.base import feature

__all__ = ["command", "connecting", "feature", "hearing", "receiving", "sharing"]
