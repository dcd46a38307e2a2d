"""Danger: calls for help that ring until somebody answers, and destruction of the keys."""

from __future__ import annotations

from commands.danger import calling, destroying, naming, practising, ringing, serving
from commands.danger.base import feature

__all__ = ["calling", "destroying", "feature", "naming", "practising", "ringing", "serving"]
