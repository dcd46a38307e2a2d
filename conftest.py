"""Fixtures for the tests in `tests/` and in every capability."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import features
from bot.testing import Talk


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What only root can try is tried where root runs the tests; else it is counted as left out."""
    if os.geteuid() == 0:
        return
    left = [item for item in items if item.get_closest_marker("root")]
    items[:] = [item for item in items if item not in left]
    config.hook.pytest_deselected(items=left)


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    """A Spanish room in Bogotá with every capability."""
    talk = await Talk.start(tmp_path / "minga.db", features())
    yield talk
    await talk.close()
