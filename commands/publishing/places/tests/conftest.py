"""Here a network has a folder for what is public."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.capability.room_policy import PublicFolder
from commands.publishing.places.tests.folder_world import ADDRESS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "public"


@pytest.fixture
def public(folder: Path) -> PublicFolder:
    folder.mkdir(exist_ok=True)
    return PublicFolder(folder, ADDRESS)
