"""The library: texts, links and files that people save under a name and review together."""

from __future__ import annotations

from commands.library import (
    corrections,
    pins,
    removal,
    resource_lists,
    reviews,
    save_command,
    search_index,
    services,
)
from commands.library.declaration import feature

__all__ = [
    "corrections",
    "feature",
    "pins",
    "removal",
    "resource_lists",
    "reviews",
    "save_command",
    "search_index",
    "services",
]
