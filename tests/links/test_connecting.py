"""Two networks meet: asked, accepted, the same code on both sides, confirmed by people."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.api import UserId
from tests.links.between import Between


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Between]:
    made = await Between.start(tmp_path, "a", "b")
    yield made
    await made.close()


def code_in(text: str) -> str:
    found = re.search(r"\d{4} \d{4} \d{4}", text)
    assert found, text
    return found[0]


async def test_one_more_network_comes_in_and_each_compares_its_own_code(tmp_path: Path) -> None:
    world = await Between.start(tmp_path, "a", "b", "c")
    await world.link("a", "b")
    await world.add("a", "c", "b")
    for name, others in (("a", "bc"), ("b", "ac"), ("c", "ab")):
        listed = await world.answer(name, "!network")
        for other in others:
            assert f"Red {other.upper()}: linked" in listed, (name, listed)
    await world.close()


@pytest.mark.parametrize("which", range(4))
async def test_first_words_that_are_lost_are_said_again(world: Between, which: int) -> None:
    """Of a chain that begins with them nobody sees a gap: both would wait for ever."""
    said = 0

    def lost(_by: UserId, _to: UserId, content: dict[str, Any]) -> list[dict[str, Any]]:
        nonlocal said
        said += 1
        return [] if said == which + 1 else [content]

    world.twist = lost
    await world.says("a", "!red conectar @minga:b")
    await world.says("a", "sí")
    await world.says("b", "!red aceptar 1")
    for _ in range(8):
        for talk in world.talks.values():
            await talk.wait(timedelta(seconds=30))
        await world.flow()
    assert code_in(world.told("b")) == code_in(world.told("a"))
    for talk in world.talks.values():
        await talk.wait(timedelta(days=1))
    await world.flow()
    hellos = [one for one in world.wire if one["kind"] == "hello"]
    assert len(hellos) <= 4 * 10, "not for ever"


async def test_two_networks_are_linked(world: Between) -> None:
    assert "Go on?" in await world.answer("a", "!red conectar @minga:b")
    assert "Link 1" in await world.answer("a", "sí")
    asked = world.told("b")
    assert "@minga:a" in asked
    assert "!network accept 1" in asked
    await world.says("b", "!red aceptar 1")
    there, here = world.told("b"), world.told("a")
    assert code_in(there) == code_in(here)
    assert "Red A" in there
    assert "Red B" in here
    assert code_in(await world.answer("a", "!red aceptar 1")) == code_in(here)
    await world.says("a", "sí")
    assert "Red B" in world.told("a")
    assert "linked" not in await world.answer("a", "!red")
    await world.says("b", "!red aceptar 1")
    await world.says("b", "sí")
    for name, other in (("a", "Red B"), ("b", "Red A")):
        assert f"{other} and we are linked" in world.told(name)
        assert f"1 {other}: linked" in await world.answer(name, "!red")
