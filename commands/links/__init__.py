"""Links between networks, each on its own homeserver: they share things and decide together."""

from commands.links import command, services
from commands.links.announcements import notices
from commands.links.connection import link_commands, room_guard
from commands.links.contact import asker_side, author_side, contact_end
from commands.links.declaration import feature
from commands.links.joint import joint_proposal, proof, room_messages, steps
from commands.links.protocol import inbound
from commands.links.shares import deletion, inbound_shares, outbound_shares

__all__ = [
    "asker_side",
    "author_side",
    "command",
    "contact_end",
    "deletion",
    "feature",
    "inbound",
    "inbound_shares",
    "joint_proposal",
    "link_commands",
    "notices",
    "outbound_shares",
    "proof",
    "room_guard",
    "room_messages",
    "services",
    "steps",
]
