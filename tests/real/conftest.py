"""All that stands here is `real`; its servers and members come from `tests/real/fixtures.py`."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands.verify_page.tests.conftest import page_judge as page_judge
from tests.real.fixtures import Enter, EnterPlain

HERE = Path(__file__).parent
__all__ = ["Enter", "EnterPlain"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All that stands here is `real`, and libraries that are not ours may be deprecated."""
    ours = {path for path in {item.path for item in items} if HERE in path.parents}
    for item in items:
        if item.path in ours:
            item.add_marker(pytest.mark.real)
            item.add_marker(pytest.mark.filterwarnings("ignore::DeprecationWarning"))
