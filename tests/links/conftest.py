"""Two or three networks that are linked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.links.between import Between


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Between]:
    made = await Between.start(tmp_path, "a", "b")
    await made.link("a", "b")
    for name in ("a", "b"):
        made.told(name)
    yield made
    await made.close()


@pytest.fixture
async def three(tmp_path: Path) -> AsyncIterator[Between]:
    """The first three of four are linked."""
    made = await Between.start(tmp_path, "a", "b", "c", "d")
    await made.link("a", "b")
    await made.add("a", "c", "b")
    for name in ("a", "b", "c"):
        made.told(name)
    yield made
    await made.close()
