"""Fixtures of the tests of `bot/matrix`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.matrix.http import Http
from storage.database import Database
from storage.schema import migrate
from tests.matrix.homeserver import TOKEN, Homeserver
from tests.matrix.keyserver import KeyServer


@pytest.fixture
def server() -> KeyServer:
    return KeyServer()


@pytest.fixture
async def home() -> AsyncIterator[Homeserver]:
    """A homeserver over HTTP, without rooms."""
    home = Homeserver()
    await home.start()
    yield home
    await home.stop()


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    """A new database with the core's tables."""
    db = await Database.open(tmp_path / "minga.db", b"k" * 32)
    await migrate(db, {})
    yield db
    await db.close()


@pytest.fixture
async def http(server: Homeserver) -> AsyncIterator[Http]:
    """A connection to the file's own server over HTTP."""
    http = Http(server.url, TOKEN)
    yield http
    await http.close()
