"""A network is away while others decide with it; when it comes back it says what they say."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from bot.api import UserId
from commands.joint_decisions.terms import Final
from commands.links import store
from tests.links.between import Between

HOUR, DAY = timedelta(hours=1), 24
A, C = UserId("@minga:a"), UserId("@minga:c")


class Away:
    """One of them is off: what the others say waits for it at its homeserver."""

    def __init__(self, world: Between, bot: UserId) -> None:
        """From now on it hears nothing; off it is after `leaves`."""
        self.world, self.bot, self.talk = world, bot, world.talks[bot]
        self.missed: list[tuple[UserId, dict[str, Any]]] = []
        world.twist = self._kept

    def _kept(self, by: UserId, to: UserId, content: dict[str, Any]) -> list[dict[str, Any]]:
        if to != self.bot:
            return [content]
        self.missed.append((by, content))
        return []

    def leaves(self) -> None:
        del self.world.talks[self.bot]

    async def returns(self) -> None:
        """What it missed is read, one after the other, and only then is anything due."""
        self.world.twist = lambda _by, _to, content: [content]
        self.talk.clock.at = max(talk.clock.at for talk in self.world.talks.values())
        self.world.talks[self.bot] = self.talk
        (room,) = self.world.inside
        for by, content in self.missed:
            await self.world.hears(self.bot, by, room, content)
        await self.world.flow()


def number_in(text: str, pattern: str) -> int:
    found = re.search(pattern, text)
    assert found, text
    return int(found[1])


async def hours_pass(world: Between, hours: int) -> None:
    for _ in range(hours):
        for talk in world.talks.values():
            await talk.wait(HOUR)
        await world.flow()


async def asked(world: Between) -> tuple[int, int, int]:
    """Its number at a, where it ends after 56 hours, and what b and c accept it by."""
    said = await world.answer("a", '!proposal "Letter for the water" until in 56 hours')
    poll = number_in(said, r"Proposal (\d+)")
    await world.says("a", f"!network propose {poll}")
    await world.says("a", "yes")
    at_b, at_c = (number_in(world.told(name), r"network accept (\d+)") for name in "bc")
    return poll, at_b, at_c


def statements(world: Between) -> dict[str, str]:
    """What each network signed last as the result, by its key."""
    finals = [one for one in world.wire if one["kind"] == "final"]
    return {one["network"]: Final.model_validate(one["body"]).statement for one in finals}


@pytest.mark.parametrize("opened", [True, False])
async def test_who_was_away_comes_to_the_same_statement(three: Between, opened: bool) -> None:
    """Whether its own vote had opened before or not; and never to another statement meanwhile."""
    poll, at_b, at_c = await asked(three)
    await three.says("b", f"!network accept {at_b}")
    away = None if opened else Away(three, C)
    await three.says("c", f"!network accept {at_c}")
    assert ("several networks take" in three.told("c")) is opened
    away = away or Away(three, C)
    away.leaves()
    await three.says("a", f"!vote {poll} for", "bea")
    await hours_pass(three, 4 * DAY)
    assert "Red C: no answer in time" in three.told("a")
    await away.returns()
    said = three.told("c")
    assert said.count("Joint decision") == 1, said
    assert "“Letter for the water”: approved" in said
    assert "Red A: for: 1" in said
    assert "Red C: no answer in time" in said
    await hours_pass(three, DAY)
    assert len(statements(three)) == 3
    assert len(set(statements(three).values())) == 1
    for name in ("a", "b", "c"):
        assert "result has come in since" not in three.told(name)


async def test_whoever_answered_in_time_takes_part_though_the_proposer_reads_it_late(
    three: Between,
) -> None:
    _poll, at_b, at_c = await asked(three)
    away = Away(three, A)
    away.leaves()
    await three.says("b", f"!network accept {at_b}")
    await three.says("c", f"!network accept {at_c}")
    await hours_pass(three, DAY)
    await away.returns()
    assert re.search(r"is open:( (· )?Red [ABC]){3}\.", three.told("a"))


async def test_a_question_that_is_read_too_late_is_no_junk(three: Between) -> None:
    away = Away(three, C)
    away.leaves()
    said = await three.answer("a", '!proposal "Letter for the water" until in 56 hours')
    await three.says("a", f"!network propose {number_in(said, r'Proposal (.+?):')}")
    await three.says("a", "yes")
    await hours_pass(three, DAY)
    await away.returns()
    assert "asks us to decide" not in three.told("c")
    async with away.talk.machine.db.reading() as tx:
        assert [one.junk for one in await store.peers_with_bot(tx, A)] == [0]
