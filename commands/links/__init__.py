"""Links between networks: rooms of bots, each network's signed chain, and the handshake."""

from commands.links import services
from commands.links.declaration import feature
from commands.links.protocol import inbound

__all__ = ["feature", "inbound", "services"]
