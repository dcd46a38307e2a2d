"""Fixtures of the tests of `bot/matrix`."""

from __future__ import annotations

import pytest

from tests.matrix.keyserver import KeyServer


@pytest.fixture
def server() -> KeyServer:
    return KeyServer()
