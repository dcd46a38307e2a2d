"""A person's rights: to see what is kept of them, to have it deleted, and to leave."""

from __future__ import annotations

from commands.rights import forgetting, keeping, taking_back, telling
from commands.rights.base import feature

__all__ = ["feature", "forgetting", "keeping", "taking_back", "telling"]
