"""Fixtures for the tests of secret ballots."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from commands.ballot_secrecy.tests.secret_world import Start, World


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Begins worlds, and ends them whatever happens."""
    begun: list[World] = []

    async def begin(path: Path, voters: int, **terms: Any) -> World:
        begun.append(await World.start(path, voters, **terms))
        return begun[-1]

    yield begin
    for world in begun:
        await world.talk.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "minga.db"
