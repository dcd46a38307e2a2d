"""Danger: a call for help that rings until somebody answers."""

from __future__ import annotations

from commands.danger import calling, naming, ringing, serving
from commands.danger.base import feature

__all__ = ["calling", "feature", "naming", "ringing", "serving"]
