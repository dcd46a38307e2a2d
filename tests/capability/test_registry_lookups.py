"""What each line asks of the registry is looked for in all capabilities once."""

from __future__ import annotations

from collections.abc import ValuesView
from copy import copy

from bot.capability.discovery import features
from bot.capability.feature import Feature
from bot.capability.registry import Registry
from bot.capability.services import PENDING, PENDING_OF_KIND
from bot.run.stages.flood_detection import RoomFlood


class Looked(dict[str, Feature]):
    """Capabilities that count how often somebody looks through all of them."""

    times = 0

    def values(self) -> ValuesView[Feature]:  # type: ignore[override]
        self.times += 1
        return super().values()


async def test_offers_and_listeners_are_looked_for_once() -> None:
    registry = copy(Registry(features()))
    looked = registry.features = Looked(registry.features)
    listeners = registry.listeners(RoomFlood)
    assert listeners
    assert registry.listeners(RoomFlood) == listeners
    assert looked.times == 1
    polls = PENDING_OF_KIND.of("poll")
    both = len(registry.offers(PENDING, polls))
    assert both == len(registry.offers(PENDING)) + len(registry.offers(polls)) > 1
    assert looked.times == 3
