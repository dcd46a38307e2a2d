"""Two or three networks that are linked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.links.between import Between
from tests.links.kept_world import linked


async def two_of_two(folder: Path) -> Between:
    made = await Between.start(folder, "a", "b")
    await made.link("a", "b")
    for name in ("a", "b"):
        made.told(name)
    return made


async def three_of_four(folder: Path) -> Between:
    made = await Between.start(folder, "a", "b", "c", "d")
    await made.link("a", "b")
    await made.add("a", "c", "b")
    for name in ("a", "b", "c"):
        made.told(name)
    return made


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Between]:
    made = await linked(two_of_two, tmp_path)
    yield made
    await made.close()


@pytest.fixture
async def three(tmp_path: Path) -> AsyncIterator[Between]:
    """The first three of four are linked."""
    made = await linked(three_of_four, tmp_path)
    yield made
    await made.close()
