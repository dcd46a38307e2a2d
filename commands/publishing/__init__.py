"""What a network chooses to show to everybody: made public, kept up, withdrawn."""

from __future__ import annotations

from commands.publishing import (
    consents,
    making,
    publish_command,
    room_acts,
    services,
    standing,
    withdraw_command,
)
from commands.publishing.declaration import feature
from commands.publishing.places import export_file, posts, public_room, write_job
from commands.publishing.places import services as place_services

__all__ = [
    "consents",
    "export_file",
    "feature",
    "making",
    "place_services",
    "posts",
    "public_room",
    "publish_command",
    "room_acts",
    "services",
    "standing",
    "withdraw_command",
    "write_job",
]
