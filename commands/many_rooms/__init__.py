"""One thing in many rooms: which rooms are meant, and whether it may stand in them."""

from __future__ import annotations

from commands.many_rooms.declaration import feature

__all__ = ["feature"]
