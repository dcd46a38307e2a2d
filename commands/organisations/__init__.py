"""The organisations that vote in a room: their delegates, alternates and weights."""

from __future__ import annotations

from commands.organisations import command, organisation_changes, own_delegate, personal_data
from commands.organisations.declaration import feature

__all__ = ["command", "feature", "organisation_changes", "own_delegate", "personal_data"]
