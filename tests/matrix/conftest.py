"""Fixtures of the tests of `bot/matrix`."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.matrix.http import Http
from tests.matrix.homeserver import TOKEN, Homeserver
from tests.matrix.keyserver import KeyServer


@pytest.fixture
def server() -> KeyServer:
    return KeyServer()


@pytest.fixture
async def http(server: Homeserver) -> AsyncIterator[Http]:
    """A connection to the file's own server over HTTP."""
    http = Http(server.url, TOKEN)
    yield http
    await http.close()
