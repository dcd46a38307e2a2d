"""Who has gone quiet, to moderators, where a room wants it: asked at the moment, kept nowhere."""

from __future__ import annotations

from commands.quiet import opt_out, quiet_command
from commands.quiet.declaration import feature

__all__ = ["feature", "opt_out", "quiet_command"]
