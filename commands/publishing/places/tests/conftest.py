"""Here a network has a folder for what is public."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.testing.talk import Talk
from commands.publishing.places.tests.folder_world import talk_with_folder


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    async with talk_with_folder(tmp_path) as talk:
        yield talk


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "public"
