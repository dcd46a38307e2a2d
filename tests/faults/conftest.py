"""The `figure` of each fault test; what is real is marked so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.figures import FILE, Figure

HERE = Path(__file__).parent
SERVERS = {"pair", "synapse", "generated", "element", "plain"}
"""Fixtures of `tests/real/fixtures.py`: who uses one needs real servers."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = {path for path in {item.path for item in items} if HERE in path.parents}
    ours = [item for item in items if item.path in here]
    for item in ours:
        if SERVERS & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.real)
            item.add_marker(pytest.mark.filterwarnings("ignore::DeprecationWarning"))


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Iterator[Figure]:
    """See `Figure`. A test that ends without a result failed, and that is written down."""
    assert FILE.match(request.path.name)
    told = Figure(request.path, request.node.originalname.removeprefix("test_"))
    yield told
    if not told.concluded:
        told.broke_off()
