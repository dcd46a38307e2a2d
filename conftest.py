"""Fixtures for the tests in `tests/` and in every capability."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import features
from bot.testing import Talk


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    """A Spanish room in Bogotá with every capability."""
    talk = await Talk.start(tmp_path / "minga.db", features())
    yield talk
    await talk.close()
