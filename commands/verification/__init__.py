"""Verification: people check with their app, by emoji or a picture, that the bot is the bot."""

from __future__ import annotations

from commands.verification import code_scan, command, comparison, late_answers, received_steps
from commands.verification.declaration import feature

__all__ = ["code_scan", "command", "comparison", "feature", "late_answers", "received_steps"]
