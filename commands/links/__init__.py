"""Links between networks: rooms of bots, each network's signed chain, and the handshake."""

from commands.links import services
from commands.links.declaration import feature
from commands.links.protocol import here_messages, inbound

__all__ = ["feature", "here_messages", "inbound", "services"]
