"""Invitation codes: typed to the bot in private, by a person on any homeserver."""

from __future__ import annotations

from commands.onboarding.codes import command, redemption, strangers

__all__ = ["command", "redemption", "strangers"]
