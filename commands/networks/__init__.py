"""`!network`: linked networks, how a link begins and ends, and what happens in its room."""

from commands.networks import command, link_commands, link_end, room_guard, services
from commands.networks.declaration import feature

__all__ = ["command", "feature", "link_commands", "link_end", "room_guard", "services"]
