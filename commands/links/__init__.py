"""Networks that share and decide together, each on its own homeserver."""

from commands.links import command, connecting, hearing, receiving, sharing
from commands.links.base import feature
from commands.links.joint import proposing, steps, telling

__all__ = [
    "command",
    "connecting",
    "feature",
    "hearing",
    "proposing",
    "receiving",
    "sharing",
    "steps",
    "telling",
]
