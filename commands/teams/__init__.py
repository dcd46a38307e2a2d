"""Teams: open a room for each team of a list, invite its people, and track their steps."""

from __future__ import annotations

from commands.teams import co_leaders, room_opening, services, team_steps, teams_command
from commands.teams.declaration import feature

__all__ = ["co_leaders", "feature", "room_opening", "services", "team_steps", "teams_command"]
