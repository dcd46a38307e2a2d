"""The library: what people keep under a name, find again and look after together."""

from __future__ import annotations

from commands.library import (
    correcting,
    indexing,
    keeping,
    listing,
    recalling,
    reviewing,
    serving,
    tapping,
    withdrawing,
)
from commands.library.base import feature

__all__ = [
    "correcting",
    "feature",
    "indexing",
    "keeping",
    "listing",
    "recalling",
    "reviewing",
    "serving",
    "tapping",
    "withdrawing",
]
