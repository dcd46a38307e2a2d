"""The library: texts, links and files that people save under a name and review together."""

from __future__ import annotations

from commands.library import (
    correcting,
    indexing,
    keeping,
    listing,
    recalling,
    reviewing,
    serving,
    sharing,
    tapping,
    withdrawing,
)
from commands.library.base import feature
from commands.library.sources import command, exporting, importing

__all__ = [
    "command",
    "correcting",
    "exporting",
    "feature",
    "importing",
    "indexing",
    "keeping",
    "listing",
    "recalling",
    "reviewing",
    "serving",
    "sharing",
    "tapping",
    "withdrawing",
]
