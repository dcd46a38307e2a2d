"""Kinds of rooms that are not for the network's people, and how they are left out."""

from __future__ import annotations

LINK_ROOM_TYPE = "org.minga.link"
"""The type of rooms in which only the bots of linked networks talk."""
PUBLIC_ROOM = "org.minga.public"
"""The kind of rooms in which the bot posts what is public. It is a field of its own in the room's
creation, which nobody can change, because apps hide rooms of a type that they don't know."""
NETWORK_ROOMS = (
    f"kind NOT IN ('{LINK_ROOM_TYPE}', '{PUBLIC_ROOM}')"  # noqa: S608
    " AND room.room NOT IN (SELECT room FROM help_room)"
    " AND room.room NOT IN (SELECT old FROM room_move)"
)
"""An SQL condition on rooms: no help room, link room, public room or room that was replaced."""
