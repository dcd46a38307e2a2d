"""Protocols of the services by which capabilities say what holds a room, and what ends with it."""

from __future__ import annotations

from bot.capability.service import KindService, Service
from bot.delivery.effects import Effect
from bot.types import RoomId
from storage.items import Item

BEING_DECIDED = Service[[RoomId], list[Item]]("being decided")
"""The open items by which a room is being asked something, also those that stand in others too."""


ROOM_CLOSES = KindService[[Item, RoomId | None], list[Effect]]("room closes")
"""End an open item because its room closes. With a room it goes on there, where it stands already.

In that case the core's rows of the item belong to that room by now. What has no such service is
left as it is.
"""
