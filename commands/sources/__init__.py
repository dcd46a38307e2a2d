"""Sources: kept with licence and publisher, and the library as files, out and in."""

from __future__ import annotations

from commands.sources import file_export, source_command, source_import
from commands.sources.declaration import feature
from commands.sources.public import resource

__all__ = ["feature", "file_export", "resource", "source_command", "source_import"]
