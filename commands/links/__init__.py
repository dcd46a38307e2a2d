"""Networks that share and decide together, each on its own homeserver."""

from commands.links import (
    command,
    connecting,
    dropping,
    guarding,
    hearing,
    notices,
    receiving,
    serving,
    sharing,
)
from commands.links.base import feature
from commands.links.joint import proof, proposing, steps, telling

__all__ = [
    "command",
    "connecting",
    "dropping",
    "feature",
    "guarding",
    "hearing",
    "notices",
    "proof",
    "proposing",
    "receiving",
    "serving",
    "sharing",
    "steps",
    "telling",
]
