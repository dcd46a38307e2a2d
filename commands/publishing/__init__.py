"""What a network chooses to show to everybody: made public, kept up, withdrawn."""

from __future__ import annotations

from commands.publishing import (
    consents,
    making,
    places,
    publish_command,
    room_acts,
    services,
    standing,
    withdraw_command,
)
from commands.publishing.declaration import feature

__all__ = [
    "consents",
    "feature",
    "making",
    "places",
    "publish_command",
    "room_acts",
    "services",
    "standing",
    "withdraw_command",
]
