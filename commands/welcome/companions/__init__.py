"""Companions: members who offer to accompany newcomers take turns, and can say no each time."""

from __future__ import annotations

from commands.welcome.companions import answers, command, named, turns

__all__ = ["answers", "command", "named", "turns"]
