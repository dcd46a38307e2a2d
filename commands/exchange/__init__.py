"""Offers and needs: publish them, find what fits, and introduce the two people."""

from __future__ import annotations

from commands.exchange import (
    introductions,
    lifecycle,
    network_posts,
    post_lists,
    publication,
    services,
    synonyms,
)
from commands.exchange.declaration import feature

__all__ = [
    "feature",
    "introductions",
    "lifecycle",
    "network_posts",
    "post_lists",
    "publication",
    "services",
    "synonyms",
]

ORDER = ("need", "offer", "seek", "needs", "offers", "interested", "solved", "hide", "synonym")
"""The commands in the order the help lists them."""
feature.commands.sort(key=lambda command: ORDER.index(command.name.en))
