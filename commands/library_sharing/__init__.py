"""Things of the library that linked networks show each other."""

from __future__ import annotations

from commands.library_sharing import network_resources
from commands.library_sharing.declaration import feature

__all__ = ["feature", "network_resources"]
