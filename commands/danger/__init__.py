"""Danger: a call for help that rings until somebody answers; the keys destroyed if it must be."""

from __future__ import annotations

from commands.danger import calling, destroying, naming, practising, ringing, serving
from commands.danger.base import feature

__all__ = ["calling", "destroying", "feature", "naming", "practising", "ringing", "serving"]
