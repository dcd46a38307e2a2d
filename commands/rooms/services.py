"""What the settings keep of rooms and people besides their values."""

from __future__ import annotations

from commands.rooms.declaration import feature

feature.rows("rooms_set_up", room="room", on_clash="drop", person="person")
