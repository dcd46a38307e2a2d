"""Two networks meet: asked, accepted, the same code on both sides, confirmed by people."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

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
