"""Words of a joint decision come twice, late and in any order, while bots restart: what is told of
each network is what its people voted."""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from bot.api import UserId
from tests.links.between import Between
from tests.links.test_returning import asked, number_in, statements

ROADS = range(40 if os.environ.get("MINGA_FULL") else 1)
NAMES = "abc"


class BadRoad:
    """Of what networks say, some comes twice, and some later and in another order."""

    def __init__(self, world: Between, chance: Random) -> None:
        self._world, self._chance = world, chance
        self._held: list[tuple[UserId, UserId, dict[str, Any]]] = []
        world.twist = self._twist

    def _twist(self, by: UserId, to: UserId, one: dict[str, Any]) -> list[dict[str, Any]]:
        how = self._chance.choice(("held", "twice", "once", "once"))
        if how == "held":
            self._held.append((by, to, one))
        return {"held": [], "twice": [one, one], "once": [one]}[how]

    async def clears(self) -> None:
        """All that was held arrives, and what follows from it."""
        (room,) = self._world.inside
        while self._held:
            by, to, one = self._held.pop(self._chance.randrange(len(self._held)))
            await self._world.hears(to, by, room, one)
        await self._world.flow()

    async def hours_pass(self, hours: int, clear: float) -> None:
        """Bots restart now and then. `clear`: the chance, each hour, that all arrives."""
        for _ in range(hours):
            for talk in self._world.talks.values():
                await talk.wait(timedelta(hours=1))
                if self._chance.random() < 0.1:
                    await talk.restart()
            await self._world.flow()
            if self._chance.random() < clear:
                await self.clears()


async def vote_at_random(world: Between, name: str, number: int, chance: Random) -> Counter[str]:
    """Everybody votes up to three times. Return what counts at the end."""
    last: dict[str, str] = {}
    for _ in range(chance.randint(2, 6)):
        who, vote = chance.choice(("ana", "bea", "carla")), chance.choice(VOTES)
        await world.says(name, f"!vote {number} {vote}", who)
        last[who] = vote
    return Counter(last.values())


VOTES = ("for", "against", "abstain", "none")


@pytest.mark.parametrize("seed", ROADS)
async def test_all_tell_what_was_voted_on_whatever_road(three: Between, seed: int) -> None:
    chance = Random(seed)  # noqa: S311
    road = BadRoad(three, chance)
    poll, at_b, at_c = await asked_on(three, road)
    for name, number in (("b", at_b), ("c", at_c)):
        await three.says(name, f"!network accept {number}")
        await road.clears()
    for talk in three.talks.values():
        await talk.wait(timedelta(minutes=5))
    await road.clears()
    numbers = {"a": poll}
    numbers |= {name: number_in(three.told(name), r"Proposal (\d+)") for name in "bc"}
    voted = {name: await vote_at_random(three, name, numbers[name], chance) for name in NAMES}
    for name in NAMES:
        three.told(name)
    await road.hours_pass(66, 0.9)
    await road.hours_pass(3, 1)
    found = statements(three)
    assert len(found) == 3
    assert len(set(found.values())) == 1
    for name in NAMES:
        said = three.told(name)
        for other, votes in voted.items():
            counts = ", ".join(f"{vote}: {votes[vote]}" for vote in VOTES[:3])
            assert f"Red {other.upper()}: {counts}" in said
        assert said.count("Joint decision") == 1, said


async def asked_on(world: Between, road: BadRoad) -> tuple[int, int, int]:
    """The question arrives at all, as nobody could accept it else."""
    twist, world.twist = world.twist, lambda _by, _to, one: [one]
    found = await asked(world)
    world.twist = twist
    await road.clears()
    return found
