"""One network compares a code with a newcomer, and introduces it to the others in the link."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.links.between import Between
from tests.links.kept_world import linked

GATHERED = timedelta(seconds=10)


async def news(world: Between) -> None:
    """What is gathered for the moderators is told."""
    for talk in world.talks.values():
        await talk.wait(GATHERED)
    await world.flow()


async def a_newcomer(folder: Path) -> Between:
    """A and B compared a code; C came in and compared one with A alone."""
    made = await Between.start(folder, "a", "b", "c", "d")
    await made.link("a", "b")
    await made.bring("a", "c")
    await made.compare("a", "c")
    await news(made)
    return made


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Between]:
    made = await linked(a_newcomer, tmp_path)
    yield made
    await made.close()


async def test_a_network_is_linked_on_the_word_of_one_that_compared(world: Between) -> None:
    for name, other in (("b", "C"), ("c", "B")):
        told = world.told(name)
        assert f"Red A introduces to us: Red {other}." in told, told
        listed = await world.answer(name, f"!network Red {other}")
        assert "the code waits to be compared" in listed
        assert "Introduced by Red A. On their word: `!network accept 1`" in listed
    asked = await world.answer("b", "!network accept 1")
    assert "Nobody of us compared these codes" in asked
    assert "Red C: introduced by Red A" in asked
    assert "Linked as soon as they say yes too: Red C" in await world.answer("b", "yes")
    await world.says("c", "!network accept 1")
    assert "Linked on others' word: Red B" in await world.answer("c", "yes")
    await news(world)
    listed = await world.answer("b", "!network")
    assert "1 Red A: linked\nCode compared by our moderators." in listed
    assert "1 Red C: linked\nIntroduced by Red A, code not compared." in listed
