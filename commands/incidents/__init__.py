"""Incidents: what somebody tells the care team, who reads it, how it is settled, appeals."""

from __future__ import annotations

from commands.incidents import care_team, incident_command, readers, services, settlement
from commands.incidents.declaration import feature

__all__ = ["care_team", "feature", "incident_command", "readers", "services", "settlement"]
