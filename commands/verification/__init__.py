"""Verification by emoji: people check with their app that the bot is the bot."""

from __future__ import annotations

from commands.verification import command, comparison, exchange
from commands.verification.declaration import feature

__all__ = ["command", "comparison", "exchange", "feature"]
