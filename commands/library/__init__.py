"""The library: texts, links and files that people save under a name and review together."""

from __future__ import annotations

from commands.library import (
    corrections,
    pins,
    recall,
    removal,
    resource_lists,
    reviews,
    save_command,
    search_index,
    services,
)
from commands.library.declaration import feature
from commands.library.network import network_resources
from commands.library.sources import file_export, source_command, source_import

__all__ = [
    "corrections",
    "feature",
    "file_export",
    "network_resources",
    "pins",
    "recall",
    "removal",
    "resource_lists",
    "reviews",
    "save_command",
    "search_index",
    "services",
    "source_command",
    "source_import",
]
