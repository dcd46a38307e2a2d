"""Offers and needs that find each other."""

from __future__ import annotations

from commands.exchange.base import feature

__all__ = ["feature"]
