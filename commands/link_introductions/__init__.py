"""Introductions: a network of a link is accepted on the signed word of one that was compared."""

from __future__ import annotations

from commands.link_introductions import acceptance, introducing, news, refutation, services
from commands.link_introductions.declaration import feature

__all__ = ["acceptance", "feature", "introducing", "news", "refutation", "services"]
