"""An anonymous box: words passed on to the care team or a room without a name, with answers."""

from __future__ import annotations

from commands.anonymous_box import box_command, services
from commands.anonymous_box.declaration import feature

__all__ = ["box_command", "feature", "services"]
