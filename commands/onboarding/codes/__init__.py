"""Invitation codes: typed to the bot in private, by a person on any homeserver."""

from __future__ import annotations

from commands.onboarding.codes import command, strangers, using

__all__ = ["command", "strangers", "using"]
