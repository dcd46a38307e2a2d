"""What linked networks show each other: shares, announcements, and contacts about them."""

from commands.shares import deletion, inbound_shares, outbound_shares, restored_shares, services
from commands.shares.announcements import notices
from commands.shares.contact import asker_side, author_side, contact_end
from commands.shares.declaration import feature

__all__ = [
    "asker_side",
    "author_side",
    "contact_end",
    "deletion",
    "feature",
    "inbound_shares",
    "notices",
    "outbound_shares",
    "restored_shares",
    "services",
]
