"""Some capabilities of all, for tests of what is done without the rest."""

from __future__ import annotations

from bot.capability.discovery import features
from bot.capability.feature import Feature


def with_needs(*names: str) -> list[Feature]:
    """Return these capabilities and all that they need, each after those that it needs."""
    wanted = set(names)
    for one in reversed(features()):
        if one.name in wanted:
            wanted |= set(one.needs)
    return [one for one in features() if one.name in wanted]
