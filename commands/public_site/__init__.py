"""A static site of what a network made public, its signed log, and the check of both."""

from __future__ import annotations

from commands.public_site import verify_tool
from commands.public_site.declaration import feature

__all__ = ["feature", "verify_tool"]
