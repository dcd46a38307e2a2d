"""A network split into sections: two bots on one homeserver link as two networks do."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.links.between import Between

NORTE, SUR = "@norte:test", "@sur:test"


def number_in(text: str, pattern: str) -> int:
    found = re.search(pattern, text)
    assert found, text
    return int(found[1])


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Between]:
    made = await Between.start(tmp_path, NORTE, SUR)
    yield made
    await made.close()


async def test_sections_of_one_homeserver_share_and_decide(world: Between) -> None:
    await world.link(NORTE, SUR)
    assert "Red SUR and we are linked" in world.told(NORTE)
    assert "Red NORTE and we are linked" in world.told(SUR)

    said = await world.answer(NORTE, "!event Taller de radio; en 33 horas; place: Casa Azul")
    event = number_in(said, r"going (\d+)")
    await world.says(NORTE, f"!network share {event} with Red Sur")
    await world.says(NORTE, "yes")
    there = number_in(world.told(SUR), r"network accept (\d+)")
    copy = number_in(
        await world.answer(SUR, f"!network accept {there}"), r"from Red NORTE as (\d+)"
    )
    await world.says(SUR, f"going {copy}")
    for name in (SUR, NORTE):
        await world.of(name).wait(timedelta(minutes=1))
        await world.flow()
    assert "Red SUR: coming: 1" in world.told(NORTE)

    said = await world.answer(NORTE, '!proposal "Letter for the water" until in 56 hours')
    polls = {NORTE: number_in(said, r"Proposal (\d+)")}
    await world.says(NORTE, f"!network propose {polls[NORTE]}")
    await world.says(NORTE, "yes")
    there = number_in(world.told(SUR), r"network accept (\d+)")
    said = await world.answer(SUR, f"!network accept {there}") + world.told(SUR)
    polls[SUR] = number_in(said, r"Proposal (\d+)")
    for name, poll in polls.items():  # who has voted everywhere may end it at once
        for who in ("ana", "bea", "carla"):
            await world.says(name, f"!vote {poll} for", who)
        await world.says(name, f"!close {poll}")
    for name in (NORTE, SUR):
        said = world.told(name)
        assert "“Letter for the water”: approved" in said
        for section in ("NORTE", "SUR"):
            assert f"Red {section}: for: 3, against: 0, abstain: 0; 3 of 3 voted" in said
