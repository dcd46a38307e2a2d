"""Shared ban lists: followed, told of, never obeyed; and the network's own."""

from __future__ import annotations

from commands.ban_lists import ban_lists_command, list_ban, services
from commands.ban_lists.declaration import feature

__all__ = ["ban_lists_command", "feature", "list_ban", "services"]
