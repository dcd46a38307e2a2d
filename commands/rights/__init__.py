"""A person's rights: see what is kept of them, have it deleted, and limit how long it is kept."""

from __future__ import annotations

from commands.rights import forgetting, keeping, taking_back, telling
from commands.rights.base import feature

__all__ = ["feature", "forgetting", "keeping", "taking_back", "telling"]
