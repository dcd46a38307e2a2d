"""Links between networks, each on its own homeserver: they share things and decide together."""

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
from commands.links.contact import answering, asking, ending
from commands.links.joint import proof, proposing, steps, telling

__all__ = [
    "answering",
    "asking",
    "command",
    "connecting",
    "dropping",
    "ending",
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
