"""One flooder slows nobody else down, and is told once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import features
from bot.testing import Talk


@pytest.fixture
async def busy(tmp_path: Path) -> AsyncIterator[Talk]:
    talk = await Talk.start(tmp_path / "busy.db", features(), commands_per_minute=5)
    yield talk
    await talk.close()


async def test_a_flooder_is_told_once_and_others_go_on(busy: Talk) -> None:
    for _ in range(30):
        await busy.says("bea", "!pendientes")
    posts = await busy.said()
    assert len(posts) == 6
    assert "Fue mucho" in posts[-1].plain or "de una vez" in posts[-1].plain
    await busy.says("carla", "!pendientes")
    await busy.hears("No hay nada abierto")
    await busy.wait(timedelta(minutes=1))
    await busy.says("bea", "!pendientes")
    await busy.hears("No hay nada abierto")
